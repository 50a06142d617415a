package main

import (
	"context"

	"github.com/compose-spec/compose-go/v2/cli"
)

// By Compose's schema and its rules of consistency: services, volumes and conditions that are named must be there.
func compose(file string) (any, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithResolvedPaths(true))
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}

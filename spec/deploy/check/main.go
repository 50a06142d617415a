// Checks what deploy/ holds with the libraries of those who will read it, and prints it as JSON for the specs:
//
//	check manifests FOLDER   a kustomization, rendered; every object decoded strictly into Kubernetes' own types
//	check compose FILE       a project of Docker Compose, by its own loader
//	check terraform FOLDER   a module: formatted, in the language, every name that it uses declared
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

var checks = map[string]func(string) (any, error){"manifests": manifests, "compose": compose, "terraform": terraform}

func main() {
	found, err := checks[os.Args[1]](os.Args[2])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

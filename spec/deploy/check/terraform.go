package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// What a block of a module may be called after, and how many labels it has.
var kinds = map[string]int{"terraform": 0, "provider": 1, "variable": 1, "locals": 0, "resource": 2, "data": 2, "output": 1}

type resource struct {
	Type string            `json:"type"`
	Name string            `json:"name"`
	Text map[string]string `json:"text"` // its attributes and those of the blocks in it, as they are written
}

type module struct {
	Resources []resource `json:"resources"`
}

// The language, not the providers: whether a resource knows an attribute is not looked at.
func terraform(folder string) (any, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.tf"))
	if err != nil {
		return nil, err
	}
	declared := map[string]bool{"path.module": true, "each.key": true, "each.value": true}
	found := module{}
	bodies := []*hclsyntax.Body{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(hclwrite.Format(text), text) {
			return nil, fmt.Errorf("%s is not formatted as terraform fmt does", file)
		}
		parsed, problems := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
		if problems.HasErrors() {
			return nil, problems
		}
		body := parsed.Body.(*hclsyntax.Body)
		bodies = append(bodies, body)
		for _, block := range body.Blocks {
			labels, known := kinds[block.Type]
			if !known || labels != len(block.Labels) {
				return nil, fmt.Errorf("%s: no block of a module is called %s %v", block.DefRange(), block.Type, block.Labels)
			}
			switch block.Type {
			case "variable":
				declared["var."+block.Labels[0]] = true
			case "locals":
				for name := range block.Body.Attributes {
					declared["local."+name] = true
				}
			case "resource":
				declared[block.Labels[0]+"."+block.Labels[1]] = true
				it := resource{block.Labels[0], block.Labels[1], map[string]string{}}
				attributes(it.Text, "", block.Body, text)
				found.Resources = append(found.Resources, it)
			case "data":
				declared["data."+block.Labels[0]+"."+block.Labels[1]] = true
			}
		}
	}
	for _, body := range bodies {
		if err := resolve(body, declared); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func attributes(into map[string]string, prefix string, body *hclsyntax.Body, text []byte) {
	for name, attribute := range body.Attributes {
		into[prefix+name] = string(attribute.Expr.Range().SliceBytes(text))
	}
	for _, block := range body.Blocks {
		attributes(into, prefix+block.Type+".", block.Body, text)
	}
}

// Every name that an expression uses must be declared, or be that of the dynamic block around it.
func resolve(body *hclsyntax.Body, declared map[string]bool) error {
	for _, attribute := range body.Attributes {
		if attribute.Name == "type" || attribute.Name == "ignore_changes" {
			continue // types of variables are words, not names
		}
		for _, used := range attribute.Expr.Variables() {
			if name := nameOf(used); !declared[name] {
				return fmt.Errorf("%s: nothing is called %s", used.SourceRange(), name)
			}
		}
	}
	for _, block := range body.Blocks {
		inner := declared
		if block.Type == "dynamic" {
			inner = map[string]bool{block.Labels[0] + ".value": true, block.Labels[0] + ".key": true}
			for name := range declared {
				inner[name] = true
			}
		}
		if err := resolve(block.Body, inner); err != nil {
			return err
		}
	}
	return nil
}

func nameOf(used hcl.Traversal) string {
	parts := 2
	if used.RootName() == "data" {
		parts = 3
	}
	name := used.RootName()
	for _, step := range used[1:min(parts, len(used))] {
		if attribute, isName := step.(hcl.TraverseAttr); isName {
			name += "." + attribute.Name
		}
	}
	return name
}

// Package npm has no code: its test packs the packages in folder npm, installs them
// without a registry, and runs plumb as npm's users do.
package npm

// Package structure has no code: its tests hold the house together. They say
// which package may import which, and which files grow too long.
package structure

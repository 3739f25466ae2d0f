//go:build unix && !linux

package column

func hugePages([]byte) {}

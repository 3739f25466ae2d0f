//go:build !linux

// Command soak runs plumb for long, in little time. It reads /proc.
package main

func main() { println("soak needs Linux") }

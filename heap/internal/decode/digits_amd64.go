package decode

import "golang.org/x/sys/cpu"

// vectors says whether the processor has what digits_amd64.s is made of.
var vectors = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VBMI2 && cpu.X86.HasPOPCNT

// digitEdges lists the positions where digits begin and end, in turn, in so
// many times 64 bytes; it writes up to 64 places past the last. odd is not 0
// when there is anything but digits, commas and line feeds.
//
//go:noescape
func digitEdges(edges *uint32, text *byte, words int) (count int, odd uint64)

// eightNumbers makes numbers, modulo 2^32, of the text between pairs of edges,
// eight pairs at a time, and returns how many groups it did: less than it was
// asked for when a number of the next group has more than 16 digits, or four
// take more than 64 bytes. It reads up to 64 bytes behind the begin of a number.
//
//go:noescape
func eightNumbers(dst, edges *uint32, groups int, text *byte) (done int)

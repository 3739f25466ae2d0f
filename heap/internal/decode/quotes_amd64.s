#include "textflag.h"

// func quoteBits(at *uint32, text *byte, words int, escaped uint64) (count int, next uint64)
TEXT ·quoteBits(SB), NOSPLIT, $0-48
	MOVQ at+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ words+16(FP), CX
	MOVQ escaped+24(FP), R8 // whether a backslash stands before the word
	MOVQ DI, R11
	MOVL $'"', AX
	VPBROADCASTB AX, Z10
	MOVL $'\\', AX
	VPBROADCASTB AX, Z11
	MOVL $64, AX
	VPBROADCASTD AX, Z14
	VMOVDQU64 ·upTo63(SB), Z15
	VPXORD Z16, Z16, Z16 // where the word begins
	MOVQ $0xAAAAAAAAAAAAAAAA, R10

word:
	VMOVDQU64 (SI), Z0
	VPCMPEQB Z10, Z0, K1
	VPCMPEQB Z11, Z0, K2
	KMOVQ K1, BX
	KMOVQ K2, AX
	MOVQ AX, R9
	ORQ R8, R9
	JEQ plain

	// Of a row of backslashes each second one is escaped: a subtraction
	// carries through the row.
	MOVQ R8, R9
	NOTQ R9
	ANDQ AX, R9   // those that may escape
	LEAQ (R9)(R9*1), R12
	ORQ R10, R12
	SUBQ R9, R12
	XORQ R10, R12 // what is escaped, and the backslashes that escape
	MOVQ AX, R13
	ORQ R8, R13
	XORQ R12, R13 // what is escaped
	ANDQ AX, R12
	MOVQ R12, R8
	SHRQ $63, R8
	NOTQ R13
	ANDQ R13, BX

plain:
	KMOVQ BX, K4
	VPCOMPRESSB.Z Z15, K4, Z2
	POPCNTQ BX, DX
	VPMOVZXBD X2, Z3
	VPADDD Z16, Z3, Z3
	VMOVDQU32 Z3, (DI)
	CMPQ DX, $16
	JLE next
	VEXTRACTI32X4 $1, Z2, X3
	VPMOVZXBD X3, Z3
	VPADDD Z16, Z3, Z3
	VMOVDQU32 Z3, 64(DI)
	CMPQ DX, $32
	JLE next
	VEXTRACTI32X4 $2, Z2, X3
	VPMOVZXBD X3, Z3
	VPADDD Z16, Z3, Z3
	VMOVDQU32 Z3, 128(DI)
	VEXTRACTI32X4 $3, Z2, X3
	VPMOVZXBD X3, Z3
	VPADDD Z16, Z3, Z3
	VMOVDQU32 Z3, 192(DI)

next:
	LEAQ (DI)(DX*4), DI
	VPADDD Z14, Z16, Z16
	ADDQ $64, SI
	DECQ CX
	JNZ word

	SUBQ R11, DI
	SHRQ $2, DI
	MOVQ DI, count+32(FP)
	MOVQ R8, next+40(FP)
	VZEROUPPER
	RET

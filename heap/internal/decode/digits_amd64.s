#include "textflag.h"

DATA ·upTo63+0(SB)/8, $0x0706050403020100
DATA ·upTo63+8(SB)/8, $0x0F0E0D0C0B0A0908
DATA ·upTo63+16(SB)/8, $0x1716151413121110
DATA ·upTo63+24(SB)/8, $0x1F1E1D1C1B1A1918
DATA ·upTo63+32(SB)/8, $0x2726252423222120
DATA ·upTo63+40(SB)/8, $0x2F2E2D2C2B2A2928
DATA ·upTo63+48(SB)/8, $0x3736353433323130
DATA ·upTo63+56(SB)/8, $0x3F3E3D3C3B3A3938
GLOBL ·upTo63(SB), RODATA|NOPTR, $64

// func digitEdges(edges *uint32, text *byte, words int) (count int, odd uint64)
TEXT ·digitEdges(SB), NOSPLIT, $0-40
	MOVQ edges+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ words+16(FP), CX
	MOVQ DI, R11
	MOVL $'0', AX
	VPBROADCASTB AX, Z10
	MOVL $9, AX
	VPBROADCASTB AX, Z11
	MOVL $',', AX
	VPBROADCASTB AX, Z12
	MOVL $'\n', AX
	VPBROADCASTB AX, Z13
	MOVL $64, AX
	VPBROADCASTD AX, Z14
	VMOVDQU64 ·upTo63(SB), Z15
	VPXORD Z16, Z16, Z16 // where the word begins
	MOVQ $1, R8          // whether the byte before is no digit
	XORQ R9, R9

word:
	VMOVDQU64 (SI), Z0
	VPSUBB Z10, Z0, Z1
	VPCMPUB $6, Z11, Z1, K1 // no digits: greater than 9
	VPCMPEQB Z12, Z0, K2
	VPCMPEQB Z13, Z0, K3
	KORQ K2, K3, K2
	KMOVQ K1, AX
	KMOVQ K2, BX
	XORQ AX, BX
	ORQ BX, R9
	LEAQ (AX)(AX*1), BX
	ORQ R8, BX
	XORQ AX, BX // where digits begin or end
	MOVQ AX, R8
	SHRQ $63, R8
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
	MOVQ DI, count+24(FP)
	MOVQ R9, odd+32(FP)
	VZEROUPPER
	RET

// Of four digits each, the first of sixteen first: 10^12, 10^8 and 10^4 modulo
// 2^32, and 1.
DATA ·weights+0(SB)/4, $0xD4A51000
DATA ·weights+4(SB)/4, $0x05F5E100
DATA ·weights+8(SB)/4, $0x00002710
DATA ·weights+12(SB)/4, $0x00000001
GLOBL ·weights(SB), RODATA|NOPTR, $16

// Where numbers stand that are made four at a time.
DATA ·firstAndLast+0(SB)/8, $0x0E0A06020C080400
DATA ·firstAndLast+8(SB)/8, $0
GLOBL ·firstAndLast(SB), RODATA|NOPTR, $16

// DIGITS pushes the digits of the 64 bytes from at on together, spreads them to
// where mask has ones, and makes one number of each four.
#define DIGITS(at, mask, digits) \
	VMOVDQU64 (SI)(at*1), digits \
	VPSUBB Z10, digits, digits \
	VPCMPUB $2, Z11, digits, K1 \
	VPCOMPRESSB.Z digits, K1, digits \
	VPEXPANDB.Z digits, mask, digits \
	VPMADDUBSW Z12, digits, digits \
	VPMADDWD Z13, digits, digits

// func eightNumbers(dst, edges *uint32, groups int, text *byte) (done int)
TEXT ·eightNumbers(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ edges+8(FP), BX
	MOVQ groups+16(FP), CX
	MOVQ text+24(FP), SI
	MOVL $'0', AX
	VPBROADCASTB AX, Z10
	MOVL $9, AX
	VPBROADCASTB AX, Z11
	MOVL $(10 + 1<<8), AX
	VPBROADCASTW AX, Z12
	MOVL $(100 + 1<<16), AX
	VPBROADCASTD AX, Z13
	MOVQ $10000, AX
	VPBROADCASTQ AX, Z14
	VBROADCASTI32X4 ·weights(SB), Z15
	MOVQ $8, AX
	VPBROADCASTQ AX, Z16
	MOVQ $16, AX
	VPBROADCASTQ AX, Z17
	MOVQ $0xFF00, AX
	VPBROADCASTQ AX, Z18
	MOVL $0xFFFF0000, AX
	VPBROADCASTQ AX, Z19
	MOVL $0x5555, AX
	KMOVW AX, K4
	VPMOVZXBD ·firstAndLast(SB), Z20
	XORQ DX, DX

group:
	CMPQ DX, CX
	JGE done
	VMOVDQU64 (BX), Z0
	VPSRLQ $32, Z0, Z1
	VPSUBD Z0, Z1, Z2 // end - begin, in the low half of each
	MOVLQZX (BX), R8
	MOVL 60(BX), R9
	SUBL R8, R9
	CMPL R9, $64
	JHI four
	VPCMPUD $6, Z16, Z2, K4, K1
	KORTESTW K1, K1
	JNE four

	// Eight numbers of up to eight digits, each at the end of eight bytes.
	VPSRLVD Z2, Z18, Z2
	VPMOVQB Z2, X2
	VMOVQ X2, AX
	KMOVQ AX, K2
	DIGITS(R8, K2, Z5)
	VPSRLQ $32, Z5, Z6
	VPMULUDQ Z14, Z5, Z5
	VPADDQ Z6, Z5, Z5
	VPMOVQD Z5, Y5
	VMOVDQU Y5, (DI)

next:
	ADDQ $64, BX
	ADDQ $32, DI
	INCQ DX
	JMP group

four:
	// Twice four numbers of up to sixteen, each at the end of sixteen bytes.
	MOVL 28(BX), R9
	SUBL R8, R9
	CMPL R9, $64
	JHI done
	MOVLQZX 32(BX), R10
	MOVL 60(BX), R9
	SUBL R10, R9
	CMPL R9, $64
	JHI done
	VPCMPUD $6, Z17, Z2, K4, K1
	KORTESTW K1, K1
	JNE done
	VPSRLVD Z2, Z19, Z2
	VPMOVQW Z2, X2
	VMOVQ X2, AX
	KMOVQ AX, K2
	VPEXTRQ $1, X2, AX
	KMOVQ AX, K3
	DIGITS(R8, K2, Z5)
	DIGITS(R10, K3, Z6)
	VPMULLD Z15, Z5, Z5
	VPMULLD Z15, Z6, Z6
	VPUNPCKLQDQ Z6, Z5, Z7
	VPUNPCKHQDQ Z6, Z5, Z8
	VPADDD Z7, Z8, Z7
	VPSHUFD $0xB1, Z7, Z8
	VPADDD Z7, Z8, Z7 // in each 16 bytes one of the first four twice and one of the last
	VPERMD Z7, Z20, Z7
	VMOVDQU Y7, (DI)
	JMP next

done:
	MOVQ DX, done+32(FP)
	VZEROUPPER
	RET

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

// EIGHT makes numbers of eight times up to eight digits: of those at text (SI)
// plus the offsets in at, as many as length says (0 to 8).
#define EIGHT(at, length, number) \
	KXNORB K2, K2, K2 \
	VPGATHERQQ (SI)(at*1), K2, number \
	VPXORQ Z10, number, number \
	VPSLLQ $3, length, Z9 \
	VPSUBQ Z9, Z11, Z9 \
	VPSLLVQ Z9, number, number \
	VPMADDUBSW Z12, number, number \
	VPMADDWD Z13, number, number \
	VPSRLQ $32, number, Z9 \
	VPMULUDQ Z14, number, number \
	VPADDQ Z9, number, number

// func eightNumbers(dst, edges *uint32, groups int, text *byte) (done int)
TEXT ·eightNumbers(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ edges+8(FP), BX
	MOVQ groups+16(FP), CX
	MOVQ text+24(FP), SI
	MOVL $'0', AX
	VPBROADCASTB AX, Z10
	MOVQ $64, AX
	VPBROADCASTQ AX, Z11
	MOVL $(10 + 1<<8), AX
	VPBROADCASTW AX, Z12
	MOVL $(100 + 1<<16), AX
	VPBROADCASTD AX, Z13
	MOVQ $10000, AX
	VPBROADCASTQ AX, Z14
	MOVQ $100000000, AX
	VPBROADCASTQ AX, Z15
	MOVQ $8, AX
	VPBROADCASTQ AX, Z16
	MOVQ $0xFF00, AX
	VPBROADCASTQ AX, Z17
	MOVL $9, AX
	VPBROADCASTB AX, Z18
	MOVL $0x5555, AX
	KMOVW AX, K4
	XORQ DX, DX

group:
	CMPQ DX, CX
	JGE done
	VMOVDQU64 (BX), Z0
	VPSRLQ $32, Z0, Z1  // end
	MOVLQZX (BX), R8
	MOVL 60(BX), R9
	SUBL R8, R9
	CMPL R9, $64
	JHI apart
	VPSUBD Z0, Z1, Z2              // length, in the low half
	VPCMPUD $6, Z16, Z2, K4, K1
	KORTESTW K1, K1
	JNE apart

	// The digits of 64 bytes, one behind the other, then each number's last
	// at the end of its eight bytes.
	VMOVDQU64 (SI)(R8*1), Z4
	VPSUBB Z10, Z4, Z4
	VPCMPUB $2, Z18, Z4, K1
	VPCOMPRESSB.Z Z4, K1, Z4
	VPSRLVD Z2, Z17, Z2
	VPMOVQB Z2, X2
	VMOVQ X2, AX
	KMOVQ AX, K2
	VPEXPANDB.Z Z4, K2, Z5
	VPMADDUBSW Z12, Z5, Z5
	VPMADDWD Z13, Z5, Z5
	VPSRLQ $32, Z5, Z9
	VPMULUDQ Z14, Z5, Z5
	VPADDQ Z9, Z5, Z5
	JMP store

apart:
	VPSLLQ $32, Z0, Z0
	VPSRLQ $32, Z0, Z0  // begin
	VPSUBQ Z0, Z1, Z2   // length
	VPMINUQ Z16, Z2, Z3 // of the last digits
	VPSUBQ Z3, Z1, Z4
	EIGHT(Z4, Z3, Z5)
	VPCMPUQ $6, Z16, Z2, K1
	KORTESTB K1, K1
	JEQ store
	VPSUBQ Z3, Z2, Z3   // of those before them
	VPCMPUQ $6, Z16, Z3, K1
	KORTESTB K1, K1
	JNE done
	EIGHT(Z0, Z3, Z6)
	VPMULUDQ Z15, Z6, Z6
	VPADDQ Z6, Z5, Z5

store:
	VPMOVQD Z5, Y5
	VMOVDQU Y5, (DI)
	ADDQ $64, BX
	ADDQ $32, DI
	INCQ DX
	JMP group

done:
	MOVQ DX, done+32(FP)
	VZEROUPPER
	RET

#include "textflag.h"

// func edgeColumns(target, name, rows *uint32, groups int, layout *edgeLayout) (done int)
TEXT ·edgeColumns(SB), NOSPLIT, $0-48
	MOVQ target+0(FP), DI
	MOVQ name+8(FP), R8
	MOVQ rows+16(FP), SI
	MOVQ groups+24(FP), CX
	MOVQ layout+32(FP), BX
	VMOVDQU32 (BX), Z16
	VMOVDQU32 64(BX), Z17
	VMOVDQU32 128(BX), Z18
	VMOVDQU32 192(BX), Z19
	VMOVDQU32 256(BX), Z20
	VMOVDQU32 320(BX), Z21
	VPBROADCASTD 384(BX), Z22 // inverse
	VPBROADCASTD 388(BX), Z23 // turn
	VPBROADCASTD 392(BX), Z24 // limit
	VPBROADCASTD 396(BX), Z25 // lastType
	XORQ DX, DX

group:
	CMPQ DX, CX
	JGE done
	VMOVDQU32 (SI), Z0
	VMOVDQU32 64(SI), Z1
	VMOVDQU32 128(SI), Z2
	VMOVDQA32 Z16, Z3 // types
	VPERMI2D Z1, Z0, Z3
	VPERMT2D Z2, Z17, Z3
	VMOVDQA32 Z18, Z4 // names
	VPERMI2D Z1, Z0, Z4
	VPERMT2D Z2, Z19, Z4
	VMOVDQA32 Z20, Z5 // targets
	VPERMI2D Z1, Z0, Z5
	VPERMT2D Z2, Z21, Z5
	VPMULLD Z22, Z5, Z5
	VPRORVD Z23, Z5, Z5
	VPCMPUD $1, Z24, Z5, K1     // less than limit
	VPCMPUD $2, Z25, Z3, K1, K1 // and a type of at most lastType
	KORTESTW K1, K1
	JCC done                    // not all
	VPSLLD $28, Z3, Z3
	VPORD Z5, Z3, Z3
	VMOVDQU32 Z3, (DI)
	VMOVDQU32 Z4, (R8)
	ADDQ $192, SI
	ADDQ $64, DI
	ADDQ $64, R8
	INCQ DX
	JMP group

done:
	MOVQ DX, done+40(FP)
	VZEROUPPER
	RET

package decode

// quoteBits lists the positions of the quotes in so many times 64 bytes that no
// backslash escapes; it writes up to 64 places past the last. escaped is 1 when
// a backslash before text escapes its first byte, and next the same for what
// comes behind. Rows of backslashes are told apart as simdjson does (Langdale
// and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019).
//
//go:noescape
func quoteBits(at *uint32, text *byte, words int, escaped uint64) (count int, next uint64)

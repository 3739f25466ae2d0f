package supervise

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Limit is an amount of memory: bytes, or a share of what there is. The zero value
// is no limit.
type Limit struct {
	Bytes uint64
	Share float64 // 0 to 1
}

// Set tells whether there is a limit.
func (l Limit) Set() bool { return l.Bytes > 0 || l.Share > 0 }

// Of is the limit in bytes where the whole is known; 0 when it is not.
func (l Limit) Of(whole uint64) uint64 {
	if l.Share > 0 {
		return uint64(l.Share * float64(whole))
	}
	return l.Bytes
}

var (
	errLimit  = errors.New("not an amount of memory")
	limitForm = regexp.MustCompile(`^(\d+(?:\.\d+)?|\.\d+)\s*(%|[kmgt]?(?:i?b)?)$`)
)

// ParseLimit reads an amount of memory: bytes, PM2's 400M and 1G (1024 based, as
// there), 1.5G, 300MiB, 300MB (1000 based, as SI has it), or a share: 80%.
func ParseLimit(s string) (Limit, error) {
	m := limitForm.FindStringSubmatch(strings.ToLower(strings.TrimSpace(s)))
	if m == nil {
		return Limit{}, fmt.Errorf("%q is %w", s, errLimit)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return Limit{}, fmt.Errorf("%q is %w", s, errLimit)
	}
	if m[2] == "%" {
		if n <= 0 || n > 100 {
			return Limit{}, fmt.Errorf("%q is no share of the memory: more than 0%%, at most 100%%", s)
		}
		return Limit{Share: n / 100}, nil
	}
	unit, base := m[2], 1024.0
	if len(unit) == 2 && unit[1] == 'b' {
		base = 1000
	}
	if unit != "" && unit != "b" {
		n *= math.Pow(base, float64(strings.IndexByte("kmgt", unit[0])+1))
	}
	if n < 1 || n >= math.MaxInt64 {
		return Limit{}, fmt.Errorf("%q is %w that a program can have", s, errLimit)
	}
	return Limit{Bytes: uint64(n)}, nil
}

package ecosystem

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// asText takes text. PM2 takes no numbers for it.
func asText(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	return "", unexpected("text", v)
}

// asFlag takes true and false.
func asFlag(v any) (bool, error) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	return false, unexpected("true or false", v)
}

// asNumber takes a number, or text that is one.
func asNumber(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case string:
		if n, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n, nil
		}
	}
	return 0, unexpected("a number", v)
}

func asInt(v any) (int, error) {
	n, err := asNumber(v)
	if err == nil && (n != math.Trunc(n) || math.Abs(n) > math.MaxInt32) {
		err = fmt.Errorf("expected a whole number, found %s", show(v))
	}
	return int(n), err
}

// asCount takes a whole number from 0.
func asCount(v any) (int, error) {
	n, err := asInt(v)
	if err == nil && n < 0 {
		err = fmt.Errorf("%d is less than 0", n)
	}
	return n, err
}

// asList takes a list of text and numbers, or text with blanks between the words.
// As in PM2 a word is quoted whole, or in its value (--title="a b"), where the
// quotes stay.
func asList(v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return splitWords(v), nil
	case []any:
		list := make([]string, len(v))
		for i := range v {
			switch v[i].(type) {
			case string, float64, bool:
				list[i] = environment(v[i])
			default:
				return nil, fmt.Errorf("item %d: %w", i+1, unexpected("text", v[i]))
			}
		}
		return list, nil
	default:
		return nil, unexpected("text or a list", v)
	}
}

// splitWords splits as PM2 does (lib/tools/Config.js).
func splitWords(s string) []string {
	words := []string{}
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			end = len(s)
		}
		start := 0 // of the quote
		if i := strings.IndexByte(s[:end], '='); i > 0 && !strings.ContainsAny(s[:i], `"'`) {
			start = i + 1
		}
		if start < end && (s[start] == '"' || s[start] == '\'') {
			if i := strings.IndexByte(s[start+1:], s[start]); i >= 0 {
				end = start + i + 2
			}
		}
		word := s[:end]
		s = s[end:]
		if n := len(word); n >= 2 && (word[0] == '"' || word[0] == '\'') && word[n-1] == word[0] {
			word = word[1 : n-1]
		}
		if strings.TrimSpace(word) != "" {
			words = append(words, word)
		}
	}
	return words
}

// asDuration takes a number of milliseconds, as PM2 does, or text with units:
// "10s", "1h", "1m30s", "500ms".
func asDuration(v any) (time.Duration, error) {
	if s, ok := v.(string); ok {
		if _, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err != nil {
			d, err := time.ParseDuration(strings.TrimSpace(s))
			switch {
			case err != nil:
				return 0, fmt.Errorf("expected milliseconds or a time as %q, found %s", "90s", show(v))
			case d < 0:
				return 0, fmt.Errorf("%s is less than 0", s)
			default:
				return d, nil
			}
		}
	}
	ms, err := asNumber(v)
	const most = float64(math.MaxInt64 / int64(time.Millisecond))
	switch {
	case err != nil:
		return 0, unexpected("milliseconds", v)
	case ms < 0:
		return 0, fmt.Errorf("%s is less than 0", show(v))
	case ms > most:
		return 0, fmt.Errorf("%s milliseconds are too many", show(v))
	}
	return time.Duration(ms * float64(time.Millisecond)), nil
}

// asSize takes a number of bytes, or text that [ParseSize] understands.
func asSize(v any) (int64, error) {
	switch v := v.(type) {
	case float64:
		if v < 0 || v > math.MaxInt64/2 {
			return 0, fmt.Errorf("%s is no size", show(v))
		}
		return int64(v), nil
	case string:
		return ParseSize(v)
	default:
		return 0, unexpected("bytes or a size", v)
	}
}

// unexpected is the error of a wrong type.
func unexpected(want string, v any) error {
	return fmt.Errorf("expected %s, found %s", want, show(v))
}

// show names a value in an error.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return environment(v)
	case string:
		if len(v) > 40 {
			v = v[:40] + "…"
		}
		return "the text " + strconv.Quote(v)
	case []any:
		return "a list"
	case function:
		return "a function"
	default:
		return "an object"
	}
}

var errSize = errors.New("no size")

// ParseSize reads a size in bytes. As in PM2 K, M and G count in 1024, and so do
// KiB, MiB and GiB; KB, MB and GB count in 1000. Case does not matter, a fraction
// and a blank before the unit are welcome.
func ParseSize(s string) (int64, error) {
	text := strings.ToUpper(strings.TrimSpace(s))
	digits := strings.TrimRight(text, "KMGTIB")
	factor, ok := sizeUnits[text[len(digits):]]
	n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if !ok || err != nil || !(n >= 0) || n*factor > math.MaxInt64/2 || strings.ContainsAny(digits, "XEPN_+-") {
		return 0, fmt.Errorf("%w: %s; write it as 300M, 1.5G, 300MB, 300MiB or in bytes", errSize, show(s))
	}
	return int64(n * factor), nil
}

var sizeUnits = map[string]float64{
	"": 1, "B": 1,
	"K": 1 << 10, "KIB": 1 << 10, "KB": 1e3,
	"M": 1 << 20, "MIB": 1 << 20, "MB": 1e6,
	"G": 1 << 30, "GIB": 1 << 30, "GB": 1e9,
	"T": 1 << 40, "TIB": 1 << 40, "TB": 1e12,
}

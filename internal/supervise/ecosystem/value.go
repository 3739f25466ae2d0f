package ecosystem

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise"
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

// asSize takes a number of bytes, or text that [supervise.ParseLimit] understands.
func asSize(v any) (supervise.Limit, error) {
	switch v := v.(type) {
	case float64:
		if v < 0 || v > math.MaxInt64/2 {
			return supervise.Limit{}, fmt.Errorf("%s is no size", show(v))
		}
		return supervise.Limit{Bytes: uint64(v)}, nil
	case string:
		return supervise.ParseLimit(v)
	default:
		return supervise.Limit{}, unexpected("bytes or a size", v)
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

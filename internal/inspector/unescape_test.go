package inspector

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzUnescape holds that undoing escapes by hand gives what encoding/json
// gives, and refuses what it refuses.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{
		``, `plain`, `\n\t\r\b\f\"\\\/`, `\u0041\u00e9\u2028`, `\ud83d\ude00`, `\ud83d`, `\ude00`, `\ud83dx`, `\ud83d\u0041`,
		`\ud83d\ud83d\ude00`, `\`, `\x`, `\u12`, `\uD83D\uDE`, "é\xff\xc3", "a\x01b", `"`, `12345678"`, `1234567é`,
		strings.Repeat("0123456789,", 100) + `\"`, "\x7f\x80", "\u2028", `\u0000`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var want string
		wantErr := json.Unmarshal(append(append([]byte{'"'}, src...), '"'), &want)
		got, err := unescape(nil, src)
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("%q: error %v, encoding/json %v", src, err, wantErr)
		}
		if err == nil && string(got) != want {
			t.Errorf("%q: %q, encoding/json %q", src, got, want)
		}
	})
}

// FuzzStringMember holds the same of the object around the string.
func FuzzStringMember(f *testing.F) {
	f.Add([]byte(`{"chunk":"a\nb"}`))
	f.Add([]byte(`{"chunk":"a\\"}`))
	f.Add([]byte(`{"chunk":"a\"}`))
	f.Add([]byte(`{ "chunk" : "a" }`))
	f.Add([]byte(`{"chunk":"a","more":"b"}`))
	f.Add([]byte(`{"chunk":1}`))
	f.Fuzz(func(t *testing.T, object []byte) {
		var want struct {
			Chunk *string `json:"chunk"`
		}
		wantErr := json.Unmarshal(object, &want)
		got, err := stringMember(nil, object, "chunk")
		if wantErr == nil && want.Chunk != nil && bytes.HasPrefix(object, []byte(`{"chunk":"`)) && bytes.Count(object, []byte(`"chunk"`)) == 1 {
			if err != nil || string(got) != *want.Chunk {
				t.Errorf("%q: %q, %v, encoding/json %q", object, got, err, *want.Chunk)
			}
		}
		if wantErr != nil && err == nil {
			t.Errorf("%q: %q, encoding/json %v", object, got, wantErr)
		}
	})
}

// chunk is like what V8 sends: numbers, commas and escaped line ends.
var chunk = []byte(strings.Repeat(`,1,5,3,1040,2,0,0,0\n`, 5000))

func BenchmarkUnescape(b *testing.B) {
	b.SetBytes(int64(len(chunk)))
	var dst []byte
	for b.Loop() {
		dst, _ = unescape(dst[:0], chunk)
	}
}

func BenchmarkUnescapeJSON(b *testing.B) {
	quoted := append(append([]byte{'"'}, chunk...), '"')
	b.SetBytes(int64(len(chunk)))
	for b.Loop() {
		var s string
		_ = json.Unmarshal(quoted, &s)
	}
}

package guard

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestGuard(t *testing.T) {
	const token = "correct"
	g := &Guard{Token: token, Next: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })}
	request := func(method, target string, header ...string) *http.Request {
		r := httptest.NewRequest(method, target, nil)
		for i := 0; i < len(header); i += 2 {
			if header[i] == "Host" {
				r.Host = header[i+1]
			}
			r.Header.Set(header[i], header[i+1])
		}
		return r
	}
	const at = "http://127.0.0.1:4000"
	tests := []struct {
		name string
		r    *http.Request
		want int
	}{
		{"page for anyone", request("GET", at+"/snapshots"), 204},
		{"page by localhost", request("GET", "http://localhost:4000/"), 204},
		{"page by IPv6", request("GET", "http://[::1]:4000/"), 204},
		{"rebound name", request("GET", at+"/", "Host", "evil.example:4000"), 403},
		{"localhost as a part of a name", request("GET", at+"/", "Host", "localhost.evil.example"), 403},
		{"API without token", request("GET", at+"/api/about"), 401},
		{"API with bearer", request("GET", at+"/api/about", "Authorization", "Bearer "+token), 204},
		{"API with wrong bearer", request("GET", at+"/api/about", "Authorization", "Bearer wrong"), 401},
		{"API with cookie", request("GET", at+"/api/about", "Cookie", "plumb4000="+token), 204},
		{"API with cookie of another port", request("GET", at+"/api/about", "Cookie", "plumb4001="+token), 401},
		{"API with the token in its address", request("GET", at+"/api/about?token="+token), 401},
		{"change from our page", request("POST", at+"/api/x", "Cookie", "plumb4000="+token, "Sec-Fetch-Site", "same-origin"), 204},
		{"change from another page", request("POST", at+"/api/x", "Cookie", "plumb4000="+token, "Sec-Fetch-Site", "cross-site"), 403},
		{"change from another origin", request("POST", at+"/api/x", "Cookie", "plumb4000="+token, "Origin", "http://127.0.0.1:3000"), 403},
		{"change by a program", request("POST", at+"/api/x", "Authorization", "Bearer "+token), 204},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			g.ServeHTTP(w, test.r)
			if w.Code != test.want {
				t.Errorf("status %d, want %d", w.Code, test.want)
			}
		})
	}
}

// TestTokenBecomesCookie holds that the token leaves the address, and leads nowhere
// but to us.
func TestTokenBecomesCookie(t *testing.T) {
	g := &Guard{Token: "correct", Next: http.NotFoundHandler()}
	for target, want := range map[string]string{
		"/snapshots/1?token=correct&sort=name": "/snapshots/1?sort=name",
		"//evil.example/?token=correct":        "/evil.example/",
		"/?token=correct":                      "/",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:4000"+target, nil)
		g.ServeHTTP(w, r)
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("%s leads to %q (%d), want %q", target, got, w.Code, want)
		}
		cookies := w.Result().Cookies()
		if len(cookies) != 1 || cookies[0].Name != "plumb4000" || cookies[0].SameSite != http.SameSiteStrictMode || !cookies[0].HttpOnly {
			t.Errorf("%s sets %v", target, cookies)
		}
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:4000/?token=wrong", nil))
	if len(w.Result().Cookies()) != 0 {
		t.Error("a wrong token sets a cookie")
	}
}

//go:build unix

package supervise

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// tlsApp is a server of HTTP/2 and 1.1 with TLS, whose instances overlap.
func tlsApp(t *testing.T) App {
	t.Helper()
	owner := httptest.NewUnstartedServer(nil)
	owner.StartTLS()
	defer owner.Close()
	certificate := owner.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "server.pem")
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	app := serverApp(t, `
		const pem = require('fs').readFileSync(process.env.PEM);
		require('http2').createSecureServer({ key: pem, cert: pem, allowHTTP1: true }, (q, r) => {
			q.resume();
			setTimeout(() => r.end(String(process.pid)), 5);
		}).listen(0, '127.0.0.1', function () { console.log('listening on ' + this.address().port + '.'); });`)
	app.Env = append(os.Environ(), "PEM="+path)
	app.Stop.Drain = patience
	return app
}

func tlsClient(t *testing.T, config *tls.Config, two bool) *http.Client {
	config.InsecureSkipVerify = true
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: two, DisableKeepAlives: !two}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// TestTLSSession holds that processes share the keys of their sessions: a client
// resumes with the next process what it began with the one before.
func TestTLSSession(t *testing.T) { eachNode(t, checkTLSSession) }

func checkTLSSession(t *testing.T) {
	app := tlsApp(t)
	r := supervise(t, app)
	r.next(KindReady)
	client := tlsClient(t, &tls.Config{ClientSessionCache: tls.NewLRUClientSessionCache(1), MaxVersion: tls.VersionTLS12}, false)
	ask := func() (pid string, resumed bool) {
		t.Helper()
		resp, err := client.Get("https://127.0.0.1:" + r.port())
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body), resp.TLS.DidResume
	}
	first, _ := ask()
	if err := r.Reload(t.Context(), app.Name); err != nil {
		t.Fatal(err)
	}
	if second, resumed := ask(); second == first || !resumed {
		t.Errorf("process %s after process %s; resumed: %v", second, first, resumed)
	}
}

// TestHTTP2 holds that requests on sessions of HTTP/2 are not lost either, and that
// the old process need not wait until it is cut off from them.
func TestHTTP2(t *testing.T) { eachNode(t, checkHTTP2) }

func checkHTTP2(t *testing.T) {
	app := tlsApp(t)
	r := supervise(t, app)
	r.next(KindReady)
	url := "https://127.0.0.1:" + r.port()
	var over atomic.Bool
	var answers atomic.Int64
	var asking sync.WaitGroup
	for range 4 {
		client := tlsClient(t, &tls.Config{}, true)
		for range 3 {
			asking.Go(func() {
				for !over.Load() {
					resp, err := client.Post(url, "text/plain", strings.NewReader("x")) // is not sent again
					if err != nil {
						t.Error(err)
						return
					}
					_, err = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
					if err != nil || resp.ProtoMajor != 2 {
						t.Errorf("%s: %v", resp.Proto, err)
						return
					}
					answers.Add(1)
				}
			})
		}
	}
	for range 3 {
		some := answers.Load() + 50
		waitFor(t, func() bool { return answers.Load() >= some || t.Failed() })
		if err := r.Reload(t.Context(), app.Name); err != nil {
			t.Error(err)
		}
	}
	over.Store(true)
	asking.Wait()
}

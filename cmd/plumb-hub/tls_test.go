package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// certificate makes one for this machine, signed by itself.
func certificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "hub"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "hub.pem"), filepath.Join(dir, "hub.key")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestTLS has a hub with a certificate. Who does not know it, or speaks in the clear, is
// not let in, and told what to do.
func TestTLS(t *testing.T) {
	t.Parallel()
	dir, address := t.TempDir(), freeAddress(t)
	cert, key := certificate(t, dir)
	hub := startHub(t, dir, address, "--tls-cert", cert, "--tls-key", key)
	hub.says("The hub is at tls://" + address)
	who := token(t, dir, "web-1", "agent")
	for _, c := range []struct{ url, ca, hint string }{
		{"tls://" + address, cert, ""},
		{"nats://" + address, cert, ""}, // the hub asks for TLS, and gets it
		{"tls://" + address, "", "name the certificate that the hub's is signed by: --hub-ca FILE"},
		{"nats://" + address, "", "name the certificate that the hub's is signed by: --hub-ca FILE"},
	} {
		conn, err := fleet.Link{URL: c.url, CA: c.ca, Token: who}.Dial("test")
		var hinted *fleet.Error
		switch {
		case err == nil:
			if _, failure := conn.TLSConnectionState(); failure != nil || c.hint != "" {
				t.Errorf("%+v: in the clear, or let in: %v", c, failure)
			}
			conn.Close()
		case !errors.As(err, &hinted) || hinted.Hint != c.hint:
			t.Errorf("%+v: %v", c, err)
		}
	}
	// A hub that has no certificate does not speak TLS.
	plain := freeAddress(t)
	startHub(t, t.TempDir(), plain)
	_, err := fleet.Link{URL: "tls://" + plain, CA: cert, Token: who}.Dial("test")
	if err == nil {
		t.Error("tls:// is answered in the clear")
	}
}

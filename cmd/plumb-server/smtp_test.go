package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// post is a mail server as Gmail's is: STARTTLS, then a password.
type post struct {
	address   string
	authority string // file of the certificate that signs its own
	mails     chan mail
	mechanism string
}

type mail struct {
	from, to, user, text string
}

// startPost starts a mail server that knows one way to log in: PLAIN or LOGIN.
func startPost(t *testing.T, mechanism string) *post {
	t.Helper()
	p := &post{mails: make(chan mail, 100), mechanism: mechanism}
	server := smtp.NewServer(p)
	certificate, authority := selfSigned(t)
	p.authority = authority
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.address = l.Addr().String()
	go server.Serve(l)
	t.Cleanup(func() { _ = server.Close() })
	return p
}

// NewSession is for [smtp.Backend].
func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{post: p, conn: c}, nil }

// session takes one mail.
type session struct {
	post *post
	conn *smtp.Conn
	mail mail
}

func (s *session) AuthMechanisms() []string { return []string{s.post.mechanism} }

func (s *session) Auth(string) (sasl.Server, error) {
	if _, encrypted := s.conn.TLSConnectionState(); !encrypted {
		return nil, errors.New("not before STARTTLS")
	}
	check := func(user, password string) error {
		if password != "<app_password>" {
			return smtp.ErrAuthFailed
		}
		s.mail.user = user
		return nil
	}
	if s.post.mechanism == "LOGIN" {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.mail.user == "" {
		return smtp.ErrAuthRequired
	}
	s.mail.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.mail.text = string(text)
	s.post.mails <- s.mail
	return err
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// login asks for name and password one after the other; go-sasl has only its client.
type login struct {
	check func(user, password string) error
	user  string
	step  int
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check(l.user, string(response))
	}
}

// selfSigned makes a certificate for 127.0.0.1, and the file that says whom to
// trust.
func selfSigned(t *testing.T) (certificate tls.Certificate, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	authority = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, authority
}

package democmd

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// mailbox is a mail server for one reader.
type mailbox struct {
	address string
	server  *smtp.Server
	mails   chan string
	read    []letter
}

func newMailbox() (*mailbox, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &mailbox{address: l.Addr().String(), mails: make(chan string, 100)}
	m.server = smtp.NewServer(m)
	m.server.Domain = "localhost"
	go func() { _ = m.server.Serve(l) }()
	return m, nil
}

func (m *mailbox) close() { _ = m.server.Close() }

// NewSession is for [smtp.Backend].
func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return delivery{m}, nil }

// delivery takes mails from anyone, to anyone.
type delivery struct{ to *mailbox }

func (delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (delivery) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (delivery) Reset()                               {}
func (delivery) Logout() error                        { return nil }

func (d delivery) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err == nil {
		d.to.mails <- string(text)
	}
	return err
}

// letter is a mail as a person sees it.
type letter struct{ Subject, Text string }

// wait waits for a mail, unless it is there already.
func (m *mailbox) wait(ctx context.Context, is func(letter) bool) (letter, error) {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		if i := slices.IndexFunc(m.read, is); i >= 0 {
			return m.read[i], nil
		}
		select {
		case text := <-m.mails:
			l, err := read(text)
			if err != nil {
				return letter{}, err
			}
			m.read = append(m.read, l)
		case <-timeout.C:
			return letter{}, errors.New("the mail does not come")
		case <-ctx.Done():
			return letter{}, ctx.Err()
		}
	}
}

var (
	invisible = regexp.MustCompile(`(?s)<(style|head)[ >].*?</(style|head)>|<!--.*?-->`)
	breaks    = regexp.MustCompile(`<(br|/p|/td|/tr|/h\d)[^>]*>`)
	tags      = regexp.MustCompile(`<[^>]*>`)
)

// read reads a mail of Alertmanager's: HTML, in one part.
func read(text string) (letter, error) {
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		return letter{}, fmt.Errorf("read the mail: %w", err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return letter{}, fmt.Errorf("read the mail's subject: %w", err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return letter{}, fmt.Errorf("read the mail: %w", err)
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextPart() // decodes quoted-printable
	if err != nil {
		return letter{}, fmt.Errorf("read the mail: %w", err)
	}
	body, err := io.ReadAll(part)
	if err != nil {
		return letter{}, fmt.Errorf("read the mail: %w", err)
	}
	var lines []string
	plain := tags.ReplaceAllString(breaks.ReplaceAllString(invisible.ReplaceAllString(string(body), ""), "\n"), "")
	for line := range strings.Lines(html.UnescapeString(plain)) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return letter{subject, strings.Join(lines, "\n")}, nil
}

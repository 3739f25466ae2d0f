//go:build conformance

package monitor

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// notices are what the receivers of one stack were told.
type notices struct {
	mu   sync.Mutex
	list []notice
}

type notice struct{ receiver, group, text string }

func (n *notices) add(one notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, one)
}

// take is what was told since the last call: by receiver and group, those of one
// group in their order. Groups have timers of their own, so that their order among
// each other is chance.
func (n *notices) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	slices.SortStableFunc(n.list, func(a, b notice) int {
		return cmp.Or(cmp.Compare(a.receiver, b.receiver), cmp.Compare(a.group, b.group))
	})
	var texts []string
	for _, one := range n.list {
		texts = append(texts, one.receiver+": "+one.text)
	}
	n.list = nil
	return texts
}

// startReceivers starts a server of webhooks and one of mail.
func startReceivers(t *testing.T) (n *notices, hooks, mails string) {
	n = &notices{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		n.add(webhook(t, body))
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(server.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{notices: n}, nil }))
	s.AllowInsecureAuth = true
	s.Domain = "example.test"
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	t.Cleanup(func() {
		_ = s.Close()
		if err := <-ended; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return n, server.Listener.Addr().String(), listener.Addr().String()
}

// webhook keeps of a notification what both stacks must say alike.
func webhook(t *testing.T, body []byte) notice {
	var said struct {
		Version, GroupKey, Status, Receiver          string
		TruncatedAlerts                              int
		GroupLabels, CommonLabels, CommonAnnotations map[string]string
		Alerts                                       []struct {
			Status              string
			Labels, Annotations map[string]string
		}
	}
	if err := json.Unmarshal(body, &said); err != nil {
		t.Errorf("%v: %s", err, body)
	}
	var alerts []string
	for _, a := range said.Alerts {
		alerts = append(alerts, fmt.Sprintf("%s %s %s", a.Status, pairs(a.Labels), pairs(a.Annotations)))
	}
	text := fmt.Sprintf("v%s %s, group %s key %s\n  common %s %s, %d cut\n  %s", said.Version, said.Status,
		pairs(said.GroupLabels), said.GroupKey, pairs(said.CommonLabels), pairs(said.CommonAnnotations), said.TruncatedAlerts,
		strings.Join(alerts, "\n  "))
	return notice{said.Receiver, said.GroupKey, text}
}

func pairs(m map[string]string) string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, k+"="+m[k])
	}
	return "{" + strings.Join(list, ", ") + "}"
}

// session takes one mail; it lets nobody in without the right name and password.
type session struct {
	notices  *notices
	known    bool
	from, to string
}

func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name != "somebody" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(message.Body)
	if err != nil {
		return err
	}
	_, group, _ := strings.Cut(subject, "] ")
	s.notices.add(notice{"mail", group, fmt.Sprintf("from %s to %s: %s\n%s", s.from, s.to, subject, parts(string(body)))})
	return nil
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

// parts is a mail's body without the boundaries of its parts, which are random.
func parts(body string) string {
	var list []string
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "--") {
			list = append(list, "  "+line)
		}
	}
	return strings.Join(list, "\n")
}

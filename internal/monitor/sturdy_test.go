package monitor

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
)

// TestSturdy has a server answer what the real Telegram never would.
func TestSturdy(t *testing.T) {
	answer := `{"ok":true}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	defer server.Close()
	c, err := config.Load(`
global: {telegram_api_url: '` + server.URL + `'}
route: {receiver: chat}
receivers: [{name: chat, telegram_configs: [{bot_token: t, chat_id: 1, send_resolved: true}]}]
`)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newReceivers(c, &url.URL{}, promslog.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	way := r.byName["chat"][0]
	if way.String() != "telegram[0]" || !way.SendResolved() {
		t.Errorf("it is %s", way.String())
	}
	ctx := notify.WithReceiverName(notify.WithGroupKey(t.Context(), "g"), "chat")
	one := &alert.Alert{Alert: model.Alert{Labels: model.LabelSet{"alertname": "High"}}}
	retry, err := way.Notify(ctx, one)
	if retry || err == nil || !strings.HasPrefix(err.Error(), "telegram[0] does not understand the answer: ") {
		t.Errorf("%v, again: %v", err, retry)
	}
	answer = `{"ok":true,"result":{"message_id":1,"chat":{"id":1}}}`
	if _, err := way.Notify(ctx, one); err != nil {
		t.Error(err)
	}
}

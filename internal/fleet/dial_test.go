package fleet_test

import (
	"strings"
	"testing"

	"github.com/nats-io/nkeys"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// TestSecretOrSeed holds that a secret of a hub that begins as seeds do, as one in 1,024
// does, is a secret, and that a seed is still one.
func TestSecretOrSeed(t *testing.T) {
	user, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[string]string{
		"SUIGRWI4RAT7K7V277F2KGMABC": "reach the hub",
		string(seed):                 "reach the hub",
		string(seed[:57]):            "the nkey of web",
		string(seed) + "A":           "the nkey of web",
	} {
		// Nobody listens at port 1.
		_, err := fleet.Link{URL: "nats://127.0.0.1:1", Token: fleet.Token{Name: "web", Secret: secret}}.Dial("test")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a secret of %d characters: error %v, want %q", len(secret), err, want)
		}
	}
}

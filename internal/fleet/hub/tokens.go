package hub

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// Role is what the owner of a token may do.
type Role string

// The roles.
const (
	AgentRole    Role = "agent"    // write as itself, take commands
	AnalystRole  Role = "analyst"  // take cases, write results
	OperatorRole Role = "operator" // read everything, give commands
	ownRole      Role = "hub"
)

// Roles are those that a token can have.
var Roles = []Role{AgentRole, AnalystRole, OperatorRole}

// known is a token as the hub keeps it: not the secret, but what tells it.
type known struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	// SHA256 is that of the secret; Nkey is a public key, for owners who keep theirs.
	SHA256 string `json:"sha256,omitempty"`
	Nkey   string `json:"nkey,omitempty"`
}

// Tokens is the file of those who may connect. It is read at every connection, so what
// is added or removed counts at once.
type Tokens struct{ path string }

// TokensIn is the file in a hub's folder.
func TokensIn(dir string) Tokens { return Tokens{filepath.Join(dir, "tokens.json")} }

func (t Tokens) read() ([]known, error) {
	text, err := os.ReadFile(t.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read tokens: %w", err)
	}
	var list []known
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read tokens %s: %w", t.path, err)
	}
	return list, nil
}

func (t Tokens) write(list []known) error {
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(t.path), 0o700); err != nil {
		return fmt.Errorf("keep tokens: %w", err)
	}
	partial := t.path + ".partial"
	if err := os.WriteFile(partial, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep tokens: %w", err)
	}
	return os.Rename(partial, t.path)
}

// Make makes a token, in place of one of this name. With a public nkey there is no
// secret, and the token that is returned has none.
func (t Tokens) Make(name string, role Role, nkey string) (fleet.Token, error) {
	switch {
	case !fleet.IsName(name):
		return fleet.Token{}, fmt.Errorf("%q is no name: letters, digits, - and _", name)
	case !slices.Contains(Roles, role):
		return fleet.Token{}, fmt.Errorf("%q is no role", role)
	case nkey != "" && !nkeys.IsValidPublicUserKey(nkey):
		return fleet.Token{}, fmt.Errorf("%q is no public nkey of a user", nkey)
	}
	list, err := t.read()
	if err != nil {
		return fleet.Token{}, err
	}
	list = slices.DeleteFunc(list, func(k known) bool { return k.Name == name })
	one, token := known{Name: name, Role: role, Nkey: nkey}, fleet.Token{Name: name}
	if nkey == "" {
		token.Secret = rand.Text()
		one.SHA256 = digest(token.Secret)
	}
	return token, t.write(append(list, one))
}

// ErrNoToken says that there is none of that name.
var ErrNoToken = errors.New("no such token")

// Revoke removes a token. Connections that its owner has stay until they end.
func (t Tokens) Revoke(name string) error {
	list, err := t.read()
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(list), func(k known) bool { return k.Name == name })
	if len(left) == len(list) {
		return fmt.Errorf("%w: %s", ErrNoToken, name)
	}
	return t.write(left)
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// gate decides who may connect. It implements [server.Authentication].
type gate struct {
	tokens Tokens
	// own are tokens that live as long as the hub: its own, and that of who started it.
	own map[string]known
}

// Check implements [server.Authentication].
func (g *gate) Check(c server.ClientAuthentication) bool {
	o := c.GetOpts()
	list, err := g.tokens.read()
	if err != nil {
		list = nil
	}
	for _, k := range g.own {
		list = append(list, k)
	}
	for _, k := range list {
		if k.admits(o, c.GetNonce()) {
			c.RegisterUser(&server.User{Username: k.Name, Permissions: permissions(k)})
			return true
		}
	}
	return false
}

func (k known) admits(o *server.ClientOpts, nonce []byte) bool {
	if k.Nkey != "" {
		if o.Nkey != k.Nkey {
			return false
		}
		signature, err := base64.RawURLEncoding.DecodeString(o.Sig)
		if err != nil {
			return false
		}
		key, err := nkeys.FromPublicKey(k.Nkey)
		return err == nil && key.Verify(nonce, signature) == nil
	}
	return o.Username == k.Name && subtle.ConstantTimeCompare([]byte(digest(o.Password)), []byte(k.SHA256)) == 1
}

// permissions are those of a role.
func permissions(k known) *server.Permissions {
	name, inbox := k.Name, fleet.Token{Name: k.Name}.Inbox()+".>"
	allow := func(publish, subscribe []string) *server.Permissions {
		return &server.Permissions{
			Publish:   &server.SubjectPermission{Allow: publish},
			Subscribe: &server.SubjectPermission{Allow: append(subscribe, inbox)},
			Response:  &server.ResponsePermission{MaxMsgs: 2, Expires: server.DEFAULT_ALLOW_RESPONSE_EXPIRATION * 30},
		}
	}
	switch k.Role {
	case AgentRole:
		return allow([]string{
			fleet.BeatSubject(name + ".>"),
			"plumb.chunk." + name + ".>", fleet.CaseSubject(name, "*"), fleet.OutcomeSubject(name),
			"$JS.API.STREAM.INFO." + fleet.ChunksStream, "$JS.API.STREAM.INFO.KV_" + fleet.FilesBucket,
			"$JS.API.DIRECT.GET.KV_" + fleet.FilesBucket + ".>",
		}, []string{fleet.CommandSubject("*", name, "*"), fleet.ResultSubject(name, "*")})
	case AnalystRole:
		publish := append(reading("KV_"+fleet.TriesBucket, "OBJ_"+fleet.SnapshotsBucket, fleet.JobsStream),
			"$KV."+fleet.TriesBucket+".>", "$KV."+fleet.AnalystsBucket+".>", fleet.ResultSubject("*", "*"), "$JS.ACK."+fleet.JobsStream+".>")
		return allow(publish, nil)
	case OperatorRole:
		return allow(append(reading("KV_"+fleet.AppsBucket, "KV_"+fleet.TriesBucket, "OBJ_"+fleet.SnapshotsBucket,
			fleet.CasesStream, fleet.ResultsStream, fleet.AuditStream), fleet.CommandSubject(name, "*", "*")), nil)
	default:
		return nil // everything
	}
}

// reading is what somebody publishes who reads streams.
func reading(streams ...string) (list []string) {
	for _, s := range streams {
		for _, verb := range []string{"STREAM.INFO.", "STREAM.MSG.GET.", "DIRECT.GET.", "CONSUMER.CREATE.", "CONSUMER.MSG.NEXT.", "CONSUMER.INFO.", "CONSUMER.DELETE."} {
			list = append(list, "$JS.API."+verb+s, "$JS.API."+verb+s+".>")
		}
	}
	return append(list, "$JS.API.INFO", "$JS.FC.>")
}

// isLoopback tells whether an address is of this machine alone.
func isLoopback(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"
}

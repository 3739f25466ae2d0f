package monitor

import (
	"os"
	"path/filepath"
	"testing"
)

// TestExternalURL links notifications to where others reach us.
func TestExternalURL(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	for file, text := range map[string]string{"tls.yml": "tls_server_config: {cert_file: c, key_file: k}\n", "password.yml": "basic_auth_users: {anna: x}\n"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ given, file, address, want string }{
		{"", "", "127.0.0.1:9090", "http://127.0.0.1:9090"},
		{"", "password.yml", "[::]:9090", "http://" + name + ":9090"},
		{"", "tls.yml", "0.0.0.0:9090", "https://" + name + ":9090"},
		{"", "tls.yml", "[::1]:9090", "https://[::1]:9090"},
		{"https://m.example/p/", "password.yml", "[::]:9090", "https://m.example/p/"},
	} {
		o := &Options{ExternalURL: c.given}
		if c.file != "" {
			o.WebConfigFile = filepath.Join(dir, c.file)
		}
		got, err := externalURL(o, c.address)
		if err != nil || got.String() != c.want {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
}

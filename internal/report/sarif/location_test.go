package sarif

import "testing"

func TestArtifact(t *testing.T) {
	for _, tt := range []struct {
		root, file string
		want       Artifact
	}{
		{"/srv/app/", "/srv/app/lib/a b.js", Artifact{"lib/a%20b.js", sourceRoot}},
		{"/srv/app/", "/srv/other/a.js", Artifact{"file:///srv/other/a.js", ""}},
		{"/srv/app/", "node:events", Artifact{"node:events", ""}},
		{"/srv/app/", "webpack://app/./a b.ts", Artifact{"webpack://app/./a%20b.ts", ""}},
		{"/srv/app/", "/srv/app/a:b.js", Artifact{"./a:b.js", sourceRoot}},
		{"/srv/app/", "after.heapsnapshot", Artifact{"after.heapsnapshot", sourceRoot}},
		{"", "/srv/app/a.js", Artifact{"file:///srv/app/a.js", ""}},
		{"", "a.js", Artifact{"a.js", ""}},
	} {
		if got := artifact(tt.root, tt.file); got != tt.want {
			t.Errorf("%q below %q: %+v, want %+v", tt.file, tt.root, got, tt.want)
		}
	}
}

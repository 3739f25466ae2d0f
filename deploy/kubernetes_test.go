package deploy_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// debugProfile is a part of a container, for kubectl debug, and no manifest.
var debugProfile = filepath.Join("kubernetes", "debug.yaml")

// manifests decodes all of them strictly: a field that Kubernetes does not know, or that
// is there twice, is an error.
func manifests(t *testing.T) (all []runtime.Object) {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, autoscalingv2.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	files, err := filepath.Glob(filepath.Join("kubernetes", "*.yaml"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%v, %v", files, err)
	}
	files = slices.DeleteFunc(files, func(name string) bool { return name == debugProfile })
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text))); ; {
			one := make([]byte, 1<<20)
			n, err := documents.Read(one)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			object, _, err := decoder.Decode(one[:n], nil, nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			all = append(all, object)
		}
	}
	return all
}

// pod is what a manifest starts.
type pod struct {
	*corev1.PodSpec

	name string
}

func pods(t *testing.T) (all []pod) {
	t.Helper()
	for _, object := range manifests(t) {
		switch o := object.(type) {
		case *appsv1.Deployment:
			all = append(all, pod{&o.Spec.Template.Spec, o.Name})
		case *appsv1.StatefulSet:
			all = append(all, pod{&o.Spec.Template.Spec, o.Name})
		case *appsv1.DaemonSet:
			all = append(all, pod{&o.Spec.Template.Spec, o.Name})
		}
	}
	return all
}

// attaching are the capabilities with which plumb attaches to a process of another user
// in another network namespace.
var attaching = []corev1.Capability{"KILL", "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_ADMIN"}

// TestLeastPrivileges holds that no pod has more than it needs.
func TestLeastPrivileges(t *testing.T) {
	for _, pod := range pods(t) {
		node := pod.name == "plumb-node"
		root := pod.SecurityContext.RunAsNonRoot == nil || !*pod.SecurityContext.RunAsNonRoot
		if pod.HostNetwork || pod.HostIPC || pod.HostPID != node || *pod.AutomountServiceAccountToken || root != node {
			t.Errorf("%s has more of its host than it needs", pod.name)
		}
		var more []corev1.Capability
		if node {
			more = attaching
		}
		for _, c := range pod.Containers {
			if c.Name == "shop" && c.Image == "shop:1.4.2" && len(c.Command) == 0 {
				continue // the user's own
			}
			s := c.SecurityContext
			if s == nil || *s.AllowPrivilegeEscalation || s.Privileged != nil || !slices.Equal(s.Capabilities.Add, more) || len(s.Capabilities.Drop) != 1 || s.Capabilities.Drop[0] != "ALL" {
				t.Errorf("%s has more privileges than it needs: %+v", c.Name, s)
			}
			for _, m := range c.VolumeMounts {
				found := false
				for _, v := range pod.Volumes {
					found = found || v.Name == m.Name
				}
				if !found && pod.name != "plumb-hub" { // whose data is claimed by a template
					t.Errorf("%s mounts %s, which is not there", c.Name, m.Name)
				}
			}
		}
	}
}

// TestDebugProfile holds that plumb in a pod that runs has no privilege, and that the
// profile has nothing that kubectl debug refuses.
func TestDebugProfile(t *testing.T) {
	text, err := os.ReadFile(debugProfile)
	if err != nil {
		t.Fatal(err)
	}
	var c corev1.EphemeralContainerCommon
	if err := yaml.UnmarshalStrict(text, &c); err != nil {
		t.Fatal(err)
	}
	if c.Name != "" || c.Image != "" || len(c.Command) > 0 || c.Lifecycle != nil || len(c.VolumeDevices) > 0 {
		t.Errorf("kubectl debug --custom takes no name, image, command, lifecycle and volumeDevices")
	}
	s := c.SecurityContext
	if s == nil || s.Privileged != nil || *s.AllowPrivilegeEscalation || !*s.RunAsNonRoot || *s.RunAsUser == 0 || len(s.Capabilities.Add) > 0 || !slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) {
		t.Errorf("it has more privileges than it needs: %+v", s)
	}
	plumb := build(t)
	calls := regexp.MustCompile(`-- (plumb .*)`).FindAllSubmatch(text, -1)
	if len(calls) < 2 {
		t.Errorf("%d commands in its comment", len(calls))
	}
	for _, call := range calls {
		words := strings.Fields(string(call[1]))
		if out, err := exec.Command(plumb, append(words[1:], "--help")...).CombinedOutput(); err != nil || !strings.Contains(string(out), "plumb "+words[1]) {
			t.Errorf("%s: %v: %s", call[1], err, out)
		}
	}
}

// build makes the program plumb.
func build(t *testing.T) string {
	t.Helper()
	plumb := filepath.Join(t.TempDir(), "plumb")
	if out, err := exec.Command("go", "build", "-o", plumb, "../cmd/plumb").CombinedOutput(); err != nil {
		t.Fatalf("build plumb: %v\n%s", err, out)
	}
	return plumb
}

// TestFlagsOfManifests has plumb read the command line of each container.
func TestFlagsOfManifests(t *testing.T) {
	plumb := build(t)
	for _, pod := range pods(t) {
		for _, c := range pod.Containers {
			if len(c.Command) == 0 {
				continue
			}
			// With --help the flags before it are read, and nothing is started.
			var flags []string
			for _, arg := range c.Args {
				if arg == "--" {
					break
				}
				flags = append(flags, arg)
			}
			out, err := exec.Command(plumb, append(append(c.Command[1:], flags...), "--help")...).CombinedOutput()
			if c.Command[0] != "plumb" || err != nil || !strings.Contains(string(out), "plumb "+c.Command[1]) {
				t.Errorf("%s: %v: %s", pod.name, err, out)
			}
		}
	}
}

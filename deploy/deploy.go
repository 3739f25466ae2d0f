// Package deploy has the rules for plumb's metrics, for whoever evaluates them: a
// Prometheus server reads the files of folder prometheus, plumb monitor has them
// inside. The dashboard is in folder grafana, manifests are in folder kubernetes, an image
// in folder container, and the units of packages in folder systemd.
package deploy

import "embed"

// Rules are the files prometheus/*.rules.yml.
//
//go:embed prometheus/*.rules.yml
var Rules embed.FS

// Package monitor is Prometheus and Alertmanager in one process, from the user's
// own files.
//
// Terms are theirs: a job has targets, a target is scraped, a rule is evaluated, an
// alert is pending and then fires, an Alertmanager groups alerts and notifies a
// receiver. Besides:
//   - The embedded Alertmanager is the one in this process. It answers for addresses
//     of this machine that the user's file names and nobody listens at ([Mode]).
//   - The watch is what happens without files: the apps of plumb run are found, and
//     watched with the rules of package deploy.
//
// Everything that scrapes, stores, evaluates, groups and notifies is the code of
// prometheus/prometheus and prometheus/alertmanager. Here it is put together, as
// their main packages do: those cannot be imported.
//
// Both keep their metrics in one registry of the process, and Prometheus' web
// handler shows that registry only: there is one [Server] in a process.
//
// What the package does not do: it has no pages, reads no command line, and judges
// no program. Only cmd/plumb-server imports it.
package monitor

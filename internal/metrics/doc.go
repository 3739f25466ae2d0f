// Package metrics shows Node.js programs as Prometheus metrics, with no change to
// them.
//
// Terms:
//   - A [Collector] is what a Prometheus server scrapes: any number of programs
//     behind one address.
//   - An [Instance] is one program as people know it (app and instance). It
//     outlives restarts; a [Target] is one process of it.
//   - The system is what the kernel tells about a process. It is there also when
//     the process does not answer.
//   - The probe is a script inside the process that measures the rest. It is
//     planted: it has a Unix socket to us. We stay connected to the process's
//     inspector as well ([Target.Ask]), or do without it ([Target.Plant]).
//   - An [Exporter] finds the programs of this machine and plants probes in them.
//
// Names, types and labels are those of prom-client 15 (its default metrics), so
// that dashboards and rules go on working; what prom-client has not begins with
// plumb_. A program that does not answer is shown with what the system tells, and
// delays nobody else.
//
// What the package does not do: it starts, restarts and judges nothing, and keeps
// no history.
package metrics

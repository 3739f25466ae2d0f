// Package supervise keeps programs up: it starts them, watches their memory and
// their health, starts them again when they end, and ends them with everything
// they have started.
//
// Terms:
//   - An App is a program with its rules: how many of it, how much memory, when to
//     start it again. An instance is one of the places it has, numbered from 0.
//   - A life is one process of an instance, from start to end. An [Ended] says how
//     it ended, and its [Reason] why.
//   - A life is ready when it can do its work: it listens, it says so, or a URL
//     answers.
//   - A short life is one below the app's MinUptime. Too many of them in a row are
//     a crash loop, in which the instance gives up.
//   - To overlap is to have the next life ready before this one leaves.
//
// Memory is read from the system once a second, never from the program, so that a
// limit holds while the event loop is blocked.
//
// The package prints nothing, writes no file and knows no command line: it reports
// [Event] values and answers for its [Status]. Any program can be supervised; that
// several processes share a port, and a limit for the heap, take Node.js.
package supervise

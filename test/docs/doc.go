// Package docs has no code: its tests hold the documentation true. They make the pages of
// docs/reference from the code (-update rewrites them), follow every link, parse every
// line that calls plumb or make, and look for quoted errors in the source.
//
// Nothing is run, and nothing outside of the repository is asked: links to other sites
// are not followed.
package docs

// Package fault finds the line of a fault in a YAML file whose reader does not tell it.
//
// Terms:
//   - The reader is whoever takes the text: it returns faults in words.
//   - A part of a file is an entry of a mapping or of a sequence, with all below it.
//
// The words of the reader are all that is known about it. So the file is read again and
// again with parts left out: everything that can go while the fault stays is not at
// fault, and of what is left the smallest part without which all is well is the place.
// This knows nothing about what files mean, and needs no change when their readers do.
//
// The package reads and writes no files, and gives up after a while.
package fault

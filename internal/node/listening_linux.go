package node

import (
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// socket is a listening TCP socket of a process.
type socket struct {
	Address string // host:port
	Port    int
	Inode   string
	FD      int // the process's number for it
}

const stateListen = "0A"

// listeners lists the TCP sockets on which a process listens, by port. It reads
// the table of the process's own network namespace. pid 0 is ourselves.
func listeners(pid int) ([]socket, error) {
	proc := "/proc/" + strconv.Itoa(pid)
	mine, err := socketInodes(proc)
	if err != nil {
		return nil, err
	}
	var list []socket
	for _, s := range listenTable(proc) {
		if fd, ok := mine[s.Inode]; ok {
			s.FD = fd
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b socket) int { return a.Port - b.Port })
	return list, nil
}

// listenTable reads all listening sockets of a network namespace.
func listenTable(proc string) []socket {
	var list []socket
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join(proc, "net", table))
		if err != nil {
			continue // no IPv6
		}
		for line := range strings.Lines(string(text)) {
			// sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode
			fields := strings.Fields(line)
			if len(fields) < 10 || fields[3] != stateListen {
				continue
			}
			if address, port, ok := procAddress(fields[1]); ok {
				list = append(list, socket{Address: address, Port: port, Inode: fields[9]})
			}
		}
	}
	return list
}

// procAddress reads "0100007F:240D": the address in words of the machine's byte
// order, the port in hexadecimal.
func procAddress(s string) (address string, port int, ok bool) {
	host, hexPort, _ := strings.Cut(s, ":")
	ip, err := hex.DecodeString(host)
	n, errPort := strconv.ParseUint(hexPort, 16, 16)
	if err != nil || errPort != nil || len(ip)%4 != 0 {
		return "", 0, false
	}
	for i := 0; i < len(ip); i += 4 {
		slices.Reverse(ip[i : i+4]) // little endian, as all that Node.js runs on with Linux but s390x
	}
	return net.JoinHostPort(net.IP(ip).String(), strconv.Itoa(int(n))), int(n), true
}

// socketInodes are the inodes of the sockets that a process has open, with the
// lowest of its numbers for each.
func socketInodes(proc string) (map[string]int, error) {
	dir, err := os.Open(filepath.Join(proc, "fd"))
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	inodes := map[string]int{}
	for _, name := range names {
		link, err := os.Readlink(filepath.Join(proc, "fd", name))
		if err != nil {
			continue // closed meanwhile
		}
		inode, ok := strings.CutPrefix(link, "socket:[")
		fd, err := strconv.Atoi(name)
		if !ok || err != nil {
			continue
		}
		inode = strings.TrimSuffix(inode, "]")
		if lowest, ok := inodes[inode]; !ok || fd < lowest {
			inodes[inode] = fd
		}
	}
	return inodes, nil
}

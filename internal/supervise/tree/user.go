package tree

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// User is whose process a child is to be.
type User struct{ UID, GID uint32 }

// LookupUser finds a user and a group by name or number. Without a group it is the
// user's own.
func LookupUser(name, group string) (*User, error) {
	u := User{UID: uint32(os.Getuid())}
	gid := group
	if name != "" {
		found, err := user.Lookup(name)
		if err != nil {
			if found, err = user.LookupId(name); err != nil {
				return nil, fmt.Errorf("find user %s: %w", name, err)
			}
		}
		u.UID = number(found.Uid)
		if gid == "" {
			gid = found.Gid
		}
	}
	if group != "" {
		found, err := user.LookupGroup(group)
		if err != nil {
			if found, err = user.LookupGroupId(group); err != nil {
				return nil, fmt.Errorf("find group %s: %w", group, err)
			}
		}
		gid = found.Gid
	}
	u.GID = number(gid)
	return &u, nil
}

// number reads an id of the system's own.
func number(id string) uint32 {
	n, _ := strconv.ParseUint(id, 10, 32)
	return uint32(n)
}

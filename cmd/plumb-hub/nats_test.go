package main

import (
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/nats-io/nats-server/v2/server"
)

// natsMain is one server of a cluster: nats-node DIR NAME PORT ROUTEPORT ROUTES.
func natsMain() {
	port, _ := strconv.Atoi(os.Args[3])
	routePort, _ := strconv.Atoi(os.Args[4])
	var routes []*url.URL
	for text := range strings.SplitSeq(os.Args[5], ",") {
		u, err := url.Parse(text)
		if err != nil {
			panic(err)
		}
		routes = append(routes, u)
	}
	s, err := server.NewServer(&server.Options{
		ServerName: os.Args[2], Host: "127.0.0.1", Port: port, StoreDir: os.Args[1], JetStream: true, NoSigs: true,
		Username: "local", Password: "secret-of-the-test",
		Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: routePort}, Routes: routes,
	})
	if err != nil {
		panic(err)
	}
	s.Start()
	fmt.Println("started")
	done := make(chan os.Signal, 1)
	signal.Notify(done, syscall.SIGTERM)
	<-done
	s.Shutdown()
	s.WaitForShutdown()
}

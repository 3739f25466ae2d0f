package monitor

import (
	"net"
	"net/netip"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/targetgroup"
)

// ownAddresses are the addresses of this machine that a file names as Alertmanagers
// and that the embedded one answers for. A file that names none at all gets one: we.
func (s *Server) ownAddresses(f *files) []string {
	mode, listening := s.options.mode(), s.listening.addresses()
	if mode == External {
		return nil
	}
	if len(f.AlertingConfig.AlertmanagerConfigs) == 0 {
		nameOurselves(f.Config, listening[0])
		return listening[:1]
	}
	var ours []string
	for _, address := range localAlertmanagers(f.Config) {
		if mode == Embedded || samePlace(address, listening) || !answers(address) {
			ours = append(ours, address)
		}
	}
	return ours
}

// localAlertmanagers are those with an address of this machine in the file itself.
func localAlertmanagers(c *config.Config) []string {
	var list []string
	for _, set := range c.AlertingConfig.AlertmanagerConfigs {
		for _, way := range set.ServiceDiscoveryConfigs {
			static, ok := way.(discovery.StaticConfig)
			if !ok {
				continue
			}
			for _, group := range static {
				for _, target := range group.Targets {
					if address := string(target[model.AddressLabel]); isLocal(address) {
						list = append(list, address)
					}
				}
			}
		}
	}
	return list
}

func nameOurselves(c *config.Config, address string) {
	we := config.DefaultAlertmanagerConfig
	we.ServiceDiscoveryConfigs = discovery.Configs{discovery.StaticConfig{
		&targetgroup.Group{Targets: []model.LabelSet{{model.AddressLabel: model.LabelValue(address)}}, Source: "0"},
	}}
	c.AlertingConfig.AlertmanagerConfigs = config.AlertmanagerConfigs{&we}
}

// isLocal tells whether only this machine reaches HOST:PORT.
func isLocal(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && isLocalHost(host)
}

func isLocalHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// samePlace tells whether one of our own listeners is meant: all that are local
// and have the port.
func samePlace(address string, listening []string) bool {
	_, port, _ := net.SplitHostPort(address)
	for _, l := range listening {
		if _, own, _ := net.SplitHostPort(l); own == port {
			return true
		}
	}
	return false
}

// answers tells whether somebody listens at an address of this machine.
func answers(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

package monitor

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	amconfig "github.com/prometheus/alertmanager/config"
	commonconfig "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

// files are the user's files as values: everything in them is known to be valid.
type files struct {
	*config.Config

	shown        *config.Config         // the same, for the API to show
	scrapes      []*config.ScrapeConfig // those of scrape_config_files too
	rules        []ruleFile
	alertmanager *amconfig.Config // nil when none is embedded, as is the next
	receivers    *receivers
}

// ruleFile is a file of rules and what is in it.
type ruleFile struct {
	path   string
	groups *rulefmt.RuleGroups
}

// count is how many rules of each kind are in the file.
func (r *ruleFile) count() (alerts, records int) {
	for _, group := range r.groups.Groups {
		for _, rule := range group.Rules {
			if rule.Alert != "" {
				alerts++
			} else {
				records++
			}
		}
	}
	return alerts, records
}

// load reads all files, and fails without having changed anything.
func (s *Server) load() (*files, error) {
	f := &files{}
	var err error
	if f.Config, err = s.loadPrometheus(); err != nil {
		return nil, configError(s.options.ConfigFile, err, readPrometheus)
	}
	if f.shown, err = s.loadPrometheus(); err != nil {
		return nil, configError(s.options.ConfigFile, err, readPrometheus)
	}
	redact(f.shown)
	f.addBuiltinRules(&s.options)
	if f.scrapes, err = f.GetScrapeConfigs(); err != nil {
		return nil, scrapesError(s.options.ConfigFile, err)
	}
	if err := f.checkClients(); err != nil {
		return nil, configError(s.options.ConfigFile, err, readPrometheus)
	}
	if f.rules, err = loadRules(f.RuleFiles, f.GlobalConfig.MetricNameValidationScheme, s.parser, s.log); err != nil {
		return nil, err
	}
	if s.options.mode() != External {
		if err := f.loadAlertmanager(s.options.AlertmanagerConfigFile, s.external, s.log); err != nil {
			return nil, configError(s.options.AlertmanagerConfigFile, err, readAlertmanager)
		}
	}
	return f, nil
}

func (s *Server) loadPrometheus() (*config.Config, error) {
	if s.options.ConfigFile == "" {
		return config.Load(s.watching(), s.log)
	}
	return config.LoadFile(s.options.ConfigFile, s.options.Agent, s.log)
}

// What reads the text of a file, to find the place of a fault.

var silent = slog.New(slog.DiscardHandler)

func readPrometheus(text string) error {
	_, err := config.Load(text, silent)
	return err
}

func readAlertmanager(text string) error {
	_, err := amconfig.Load(text)
	return err
}

// scrapesError is about one of scrape_config_files, whose path is before it in quotes.
func scrapesError(file string, err error) error {
	if quoted, quoteErr := strconv.QuotedPrefix(err.Error()); quoteErr == nil {
		file, _ = strconv.Unquote(quoted)
		err = errors.New(strings.TrimPrefix(err.Error(), quoted+": "))
	}
	return configError(file, err, readPrometheus)
}

// checkClients tries what takes more than the text: certificates have to be there, and
// to be ones.
func (f *files) checkClients() error {
	clients := map[string]commonconfig.HTTPClientConfig{}
	for _, job := range f.scrapes {
		clients["job "+job.JobName] = job.HTTPClientConfig
	}
	for _, to := range f.RemoteWriteConfigs {
		clients["remote_write "+to.URL.Redacted()] = to.HTTPClientConfig
	}
	for _, from := range f.RemoteReadConfigs {
		clients["remote_read "+from.URL.Redacted()] = from.HTTPClientConfig
	}
	for key, one := range f.AlertingConfig.AlertmanagerConfigs.ToMap() {
		clients["alertmanagers "+key] = one.HTTPClientConfig
	}
	for _, name := range slices.Sorted(maps.Keys(clients)) {
		client, err := commonconfig.NewClientFromConfig(clients[name], name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		client.CloseIdleConnections()
	}
	return nil
}

// loadRules reads the rules of the files that match patterns.
func loadRules(patterns []string, names model.ValidationScheme, p parser.Parser, log *slog.Logger) ([]ruleFile, error) {
	var list []ruleFile
	for _, pattern := range patterns {
		paths, err := ruleFiles(pattern)
		if err != nil {
			return nil, &Error{"load rules of " + pattern, err, "the pattern is that of a shell: *, ? and [a-z]"}
		}
		for _, path := range paths {
			groups, errs := ruleLoader{p, log}.Load(path, false, names)
			if len(errs) > 0 {
				return nil, configError(path, errors.Join(errs...), func(text string) error {
					_, errs := rulefmt.Parse([]byte(text), false, names, p, silent)
					return errors.Join(errs...)
				})
			}
			list = append(list, ruleFile{path, groups})
		}
	}
	return list, nil
}

// ruleFiles finds the files of a pattern of rule_files.
func ruleFiles(pattern string) ([]string, error) {
	if isBuiltin(pattern) {
		return []string{pattern}, nil
	}
	return filepath.Glob(pattern)
}

// noReceivers is the Alertmanager of a user who has none: alerts can be seen and
// silenced, and nobody is notified.
const noReceivers = `
route:
  receiver: nobody
receivers:
  - name: nobody
`

func (f *files) loadAlertmanager(file string, external *url.URL, log *slog.Logger) (err error) {
	if file == "" {
		f.alertmanager, err = amconfig.Load(noReceivers)
	} else {
		f.alertmanager, err = amconfig.LoadFile(file)
	}
	if err != nil {
		return err
	}
	f.receivers, err = newReceivers(f.alertmanager, external, log)
	return err
}

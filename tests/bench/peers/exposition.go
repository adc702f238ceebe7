// The exposition benchmark's peers in Go: VictoriaMetrics' parser and Prometheus' expfmt.
//
// Usage: exposition digest|time victoriametrics|expfmt INPUT SELECTION
package main

import (
	"fmt"
	"io/ioutil"
	"math"
	"os"
	"sort"
	"strings"
	"syscall"

	"github.com/VictoriaMetrics/VictoriaMetrics/lib/protoparser/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

const roundSeconds = 0.6

type digest struct {
	count uint64
	sum   uint64
}

func (d *digest) add(name string, labels map[string]string, allowed []string, value float64) {
	var b strings.Builder
	b.WriteString(name)
	for _, label := range allowed {
		if text, ok := labels[label]; ok {
			b.WriteString("\x1f" + label + "=" + text)
		}
	}
	b.WriteString("\x1f")
	bits := math.Float32bits(float32(value)) // VictoriaMetrics rounds the last digits its own way.
	for i := 0; i < 4; i++ {
		b.WriteByte(byte(bits >> (8 * i)))
	}
	hash := uint64(0xcbf29ce484222325)
	for _, c := range []byte(b.String()) {
		hash = (hash ^ uint64(c)) * 0x100000001b3
	}
	d.count++
	d.sum += hash
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func readSelections(path string) map[string][]string {
	text, err := ioutil.ReadFile(path)
	must(err)
	selections := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		words := strings.Fields(line)
		sort.Strings(words[1:])
		selections[words[0]] = words[1:]
	}
	return selections
}

func digestVictoria(text string, selections map[string][]string) digest {
	var d digest
	var rows prometheus.Rows
	rows.Unmarshal(text)
	for _, row := range rows.Rows {
		if allowed, ok := selections[row.Metric]; ok {
			labels := map[string]string{}
			for _, tag := range row.Tags {
				labels[tag.Key] = tag.Value
			}
			d.add(row.Metric, labels, allowed, row.Value)
		}
	}
	return d
}

func valueOf(metric *dto.Metric) float64 {
	switch {
	case metric.Gauge != nil:
		return metric.Gauge.GetValue()
	case metric.Counter != nil:
		return metric.Counter.GetValue()
	}
	return metric.Untyped.GetValue()
}

func digestExpfmt(text string, selections map[string][]string) digest {
	var d digest
	var parser expfmt.TextParser
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	must(err)
	for name, family := range families {
		allowed, ok := selections[name]
		if !ok {
			continue
		}
		for _, metric := range family.Metric {
			labels := map[string]string{}
			for _, pair := range metric.Label {
				labels[pair.GetName()] = pair.GetValue()
			}
			d.add(name, labels, allowed, valueOf(metric))
		}
	}
	return d
}

// CPU seconds of the whole process: other work on the machine must not count.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: exposition digest|time victoriametrics|expfmt INPUT SELECTION")
		os.Exit(2)
	}
	bytes, err := ioutil.ReadFile(os.Args[3])
	must(err)
	text := string(bytes)
	selections := readSelections(os.Args[4])
	victoria := os.Args[2] == "victoriametrics"
	if os.Args[1] == "digest" {
		d := digestExpfmt
		if victoria {
			d = digestVictoria
		}
		result := d(text, selections)
		fmt.Printf("%d %016x\n", result.count, result.sum)
		return
	}
	// The parse alone, as often as fits; rows are reused, as VictoriaMetrics does.
	var rows prometheus.Rows
	runs := 0
	start := cpuSeconds()
	for runs < 2 || cpuSeconds()-start < roundSeconds {
		if victoria {
			rows.Reset()
			rows.Unmarshal(text)
		} else {
			var parser expfmt.TextParser
			_, err := parser.TextToMetricFamilies(strings.NewReader(text))
			must(err)
		}
		runs++
		if runs == 1 {
			start = cpuSeconds() // The first one warms up.
		}
	}
	seconds := (cpuSeconds() - start) / float64(runs-1)
	fmt.Printf("%.1f\n", float64(len(text))/1e6/seconds)
}

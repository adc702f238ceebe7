// A collector as one writes it first: net/http, encoding/json, a map of digests and a file.
// Usage: collector PORT_FILE REPORTS_FILE [sync]. With sync, each report is synced before its answer.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
)

func main() {
	file, err := os.OpenFile(os.Args[2], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0600)
	if err != nil {
		log.Fatal(err)
	}
	synced := len(os.Args) > 3
	var mutex sync.Mutex
	known := map[[32]byte]struct{}{}
	take := func(body []byte) (int, error) {
		digest := sha256.Sum256(body)
		mutex.Lock()
		defer mutex.Unlock()
		if _, repeated := known[digest]; repeated {
			return 200, nil
		}
		known[digest] = struct{}{}
		if _, err := file.Write(body); err != nil {
			return 503, err
		}
		if synced {
			if err := file.Sync(); err != nil {
				return 503, err
			}
		}
		return 202, nil
	}
	handler := func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		var report map[string]interface{}
		if err != nil || json.Unmarshal(body, &report) != nil {
			answer.WriteHeader(400)
			return
		}
		status, _ := take(body)
		answer.WriteHeader(status)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	port := fmt.Sprintln(listener.Addr().(*net.TCPAddr).Port)
	if err := os.WriteFile(os.Args[1], []byte(port), 0600); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, http.HandlerFunc(handler)))
}

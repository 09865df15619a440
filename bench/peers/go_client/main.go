// SPDX-License-Identifier: Apache-2.0

// What a scanner costs with Go's crypto/tls:
//
//	go_client ROOT_FILE PORT COUNT GOROUTINES verified|unverified|present-only
//
// connects to COUNT hosts from 127.0.0.1 on, as many at once as there are goroutines, and prints how
// many certificates it got. "present-only" ends the handshake once the server's certificate is there.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

var errSeen = errors.New("the certificate was seen")

func config(roots *x509.CertPool, mode string, seen *atomic.Int64) *tls.Config {
	config := &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS10}
	if mode == "verified" {
		return config
	}
	config.InsecureSkipVerify = true
	if mode == "present-only" {
		config.VerifyPeerCertificate = func([][]byte, [][]*x509.Certificate) error {
			seen.Add(1)
			return errSeen
		}
	}
	return config
}

func main() {
	pem, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	port, mode := os.Args[2], os.Args[5]
	count, _ := strconv.Atoi(os.Args[3])
	goroutines, _ := strconv.Atoi(os.Args[4])

	var seen, next atomic.Int64
	shared := config(roots, mode, &seen)
	var group sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				host := next.Add(1)
				if host > int64(count) {
					return
				}
				address := fmt.Sprintf("127.%d.%d.%d:%s", host>>16, host>>8&255, host&255, port)
				raw, err := net.DialTimeout("tcp", address, 10*time.Second)
				if err != nil {
					continue
				}
				raw.SetDeadline(time.Now().Add(10 * time.Second))
				conn := tls.Client(raw, shared)
				if conn.Handshake() == nil && len(conn.ConnectionState().PeerCertificates) > 0 {
					seen.Add(1)
				}
				conn.Close()
			}
		}()
	}
	group.Wait()
	fmt.Println(seen.Load())
}

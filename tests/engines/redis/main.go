// A Redis for machines without redis-server: it listens on the port that follows --port, as redis-server does.
package main

import (
	"os"
	"time"

	"github.com/alicebob/miniredis/v2"
)

func main() {
	server := miniredis.NewMiniRedis()
	for i, argument := range os.Args[:len(os.Args)-1] {
		if argument != "--port" {
			continue
		}
		if err := server.StartAddr("127.0.0.1:" + os.Args[i+1]); err != nil {
			println(err.Error())
			os.Exit(1)
		}
	}
	// Keys expire only as fast as its clock is turned.
	for range time.Tick(time.Second) {
		server.FastForward(time.Second)
	}
}

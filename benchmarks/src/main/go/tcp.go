// A TCP server on Go's net: tcp --mode echo|sink|source|idle --port P; GOMAXPROCS sets the processors.
package main

import (
	"flag"
	"fmt"
	"net"
)

func serve(connection net.Conn, mode string) {
	defer connection.Close()
	chunk := make([]byte, 64<<10)
	for mode == "source" {
		if _, err := connection.Write(chunk); err != nil {
			return
		}
	}
	for {
		n, err := connection.Read(chunk)
		if err != nil {
			return
		}
		if mode != "sink" {
			if _, err := connection.Write(chunk[:n]); err != nil {
				return
			}
		}
	}
}

func main() {
	mode := flag.String("mode", "echo", "echo, sink, source or idle")
	port := flag.Int("port", 0, "where to listen")
	flag.Int("loops", 1, "ignored: GOMAXPROCS says it")
	flag.Parse()
	server, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		panic(err)
	}
	fmt.Printf("ready port=%d\n", server.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := server.Accept()
		if err != nil {
			panic(err)
		}
		go serve(connection, *mode)
	}
}

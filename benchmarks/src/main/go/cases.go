// The cases on Go: goroutines and channels; GOMAXPROCS sets the processors. Same arguments and output as the others.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

func check(expected, actual int) {
	if expected != actual {
		panic(fmt.Sprintf("%d instead of %d", actual, expected))
	}
}

func start(times int, body func() int) []chan int {
	all := make([]chan int, times)
	for i := range all {
		done := make(chan int, 1)
		all[i] = done
		go func() { done <- body() }()
	}
	return all
}

func sum(all []chan int) int {
	total := 0
	for _, done := range all {
		total += <-done
	}
	return total
}

func pingPong(pairs, messages int) {
	trips := messages / 2 / pairs
	if trips < 1 {
		trips = 1
	}
	all := start(pairs, func() int {
		there, back := make(chan int, 1), make(chan int, 1)
		go func() {
			for i := 0; i < trips; i++ {
				back <- <-there
			}
		}()
		total := 0
		for i := 0; i < trips; i++ {
			there <- i
			total += <-back
		}
		return total
	})
	check(pairs*trips*(trips-1)/2, sum(all))
}

func pool(producers, consumers, each, share, capacity int) {
	queue := make(chan int, capacity)
	received := start(consumers, func() int {
		total := 0
		for i := 0; i < share; i++ {
			total += <-queue
		}
		return total
	})
	for producer := 0; producer < producers; producer++ {
		go func() {
			for i := 0; i < each; i++ {
				queue <- i
			}
		}()
	}
	check(producers*each*(each-1)/2, sum(received))
}

func mutex(tasks, times int) {
	var lock sync.Mutex
	count := 0
	sum(start(tasks, func() int {
		for i := 0; i < times; i++ {
			lock.Lock()
			count++
			lock.Unlock()
		}
		return 0
	}))
	check(tasks*times, count)
}

func choose(messages int) {
	left, right := make(chan int, 1), make(chan int, 1)
	for _, channel := range []chan int{left, right} {
		channel := channel
		go func() {
			for i := 0; i < messages; i++ {
				channel <- i
			}
		}()
	}
	total := 0
	for i := 0; i < 2*messages; i++ {
		select {
		case message := <-left:
			total += message
		case message := <-right:
			total += message
		}
	}
	check(messages*(messages-1), total)
}

func timeouts(times int) {
	unfired := 0
	for i := 0; i < times; i++ {
		timer := time.AfterFunc(30*time.Second, func() {})
		if timer.Stop() {
			unfired++
		}
	}
	check(times, unfired)
}

func main() {
	args := map[string]string{"secs": "3", "rounds": "15", "engine": "go", "scale": "1", "capacity": "1000"}
	for _, arg := range os.Args[1:] {
		if name, value, found := strings.Cut(arg, "="); found {
			args[name] = value
		}
	}
	scale, _ := strconv.ParseFloat(args["scale"], 64)
	capacity, _ := strconv.Atoi(args["capacity"])
	scaled := func(full int) int {
		if n := int(float64(full) * scale); n > 0 {
			return n
		}
		return 1
	}
	kind, variant, _ := strings.Cut(args["case"], "/")
	first, second, _ := strings.Cut(variant, "x")
	number, _ := strconv.Atoi(first)
	millis, _ := strconv.Atoi(second)
	each := scaled(100)
	body, known := map[string]func(){
		"queue_ping_pong":    func() { pingPong(number, scaled(100000)) },
		"worker_pool/fan_in": func() { pool(1000, 1, each, 1000*each, capacity) }, "worker_pool/fan_out": func() { pool(1, 1000, 1000*each, each, capacity) },
		"spawn":    func() { check(scaled(number), sum(start(scaled(number), func() int { return 1 }))) },
		"sleep":    func() { sum(start(scaled(number), func() int { time.Sleep(time.Duration(millis) * time.Millisecond); return 1 })) },
		"mutex":    func() { mutex(4, scaled(100000)) },
		"select":   func() { choose(scaled(50000)) },
		"timeouts": func() { timeouts(scaled(1000000)) },
		"yield": func() {
			sum(start(2, func() int {
				for i := scaled(50000); i > 0; i-- {
					runtime.Gosched()
				}
				return 0
			}))
		},
	}[map[bool]string{true: args["case"], false: kind}[kind == "worker_pool"]]
	if !known {
		fmt.Fprintln(os.Stderr, "no case "+args["case"]+" here")
		os.Exit(2)
	}
	secs, _ := strconv.ParseFloat(args["secs"], 64)
	least, _ := strconv.Atoi(args["rounds"])
	if scale < 1 {
		secs, least = 0, 2
	} else if least < 15 {
		least = 15
	}
	run := func(secs float64, least int) []float64 {
		var times []float64
		for begin := time.Now(); len(times) < least || time.Since(begin).Seconds() < secs; {
			start := time.Now()
			body()
			times = append(times, float64(time.Since(start).Nanoseconds())/1e6)
		}
		sort.Float64s(times)
		return times
	}
	run(secs/2, 3)
	times := run(secs, least)
	fmt.Printf("case=%s engine=%s median_ms=%.3f min_ms=%.3f rounds=%d\n", args["case"], args["engine"], times[len(times)/2], times[0], len(times))
}

package io.amphio.benchmarks.peers

import io.amphio.benchmarks.Arguments
import io.amphio.benchmarks.Case
import io.amphio.benchmarks.Rounds
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/** Kotlin coroutines: with one loop, that of runBlocking; with more, its default dispatcher. */
object KotlinCases {
    @JvmStatic
    fun main(args: Array<String>) {
        val arguments = Arguments.of(*args)
        val which = Case.of(arguments)
        val body = body(which)
        val oneLoop = arguments.getInt("loops", 1) == 1
        Rounds.measure(arguments, which, "kotlin") {
            if (oneLoop) runBlocking { body() } else runBlocking(Dispatchers.Default) { body() }
        }
    }

    private fun body(which: Case): suspend CoroutineScope.() -> Unit = when (which.kind()) {
        "queue_ping_pong" -> { { pingPong(which.number(0), which.scaled(100_000)) } }
        "worker_pool" ->
            if (which.variant() == "fan_in") { { pool(1_000, 1, which.scaled(100)) } }
            else { { pool(1, 1_000, which.scaled(100)) } }
        "spawn", "async" -> { { tasks(which.scaled(which.number(0))) { 1 } } }
        "sleep" -> { { tasks(which.scaled(which.number(0))) { delay(which.number(1).milliseconds); 1 } } }
        "mutex" -> { { mutex(4, which.scaled(100_000)) } }
        "select" -> { { choose(which.scaled(50_000)) } }
        "timeouts" -> { { timeouts(which.scaled(1_000_000)) } }
        "yield" -> { { tasks(2) { repeat(which.scaled(50_000)) { yield() }; 1 } } }
        else -> throw which.unknown()
    }

    private suspend fun CoroutineScope.pingPong(pairs: Int, messages: Int) {
        val trips = maxOf(1, messages / 2 / pairs)
        val pings = List(pairs) {
            val there = Channel<Int>(1)
            val back = Channel<Int>(1)
            launch { repeat(trips) { back.send(there.receive()) } }
            async { (0 until trips).sumOf { there.send(it); back.receive().toLong() } }
        }
        Case.check("messages", pairs.toLong() * trips * (trips - 1) / 2, pings.awaitAll().sum())
    }

    private suspend fun CoroutineScope.pool(producers: Int, consumers: Int, items: Int) {
        val each = if (producers == 1) items * consumers else items
        val share = if (consumers == 1) items * producers else items
        val queue = Channel<Int>(1_000)
        val received = List(consumers) { async { (0 until share).sumOf { queue.receive().toLong() } } }
        repeat(producers) { launch { repeat(each) { queue.send(it) } } }
        Case.check("items", producers.toLong() * each * (each - 1) / 2, received.awaitAll().sum())
    }

    private suspend fun CoroutineScope.tasks(count: Int, body: suspend () -> Int) {
        val all = ArrayList<Deferred<Int>>(count)
        repeat(count) { all.add(async { body() }) }
        Case.check("tasks", count.toLong(), all.sumOf { it.await().toLong() })
    }

    private suspend fun CoroutineScope.mutex(tasks: Int, times: Int) {
        val mutex = Mutex()
        var count = 0L
        List(tasks) { launch { repeat(times) { mutex.withLock { count++ } } } }.forEach { it.join() }
        Case.check("count", tasks.toLong() * times, count)
    }

    private suspend fun CoroutineScope.choose(messages: Int) {
        val left = Channel<Int>(1)
        val right = Channel<Int>(1)
        for (channel in listOf(left, right)) launch { repeat(messages) { channel.send(it) } }
        var sum = 0L
        repeat(2 * messages) { sum += select<Int> { left.onReceive { it }; right.onReceive { it } } }
        Case.check("messages", messages.toLong() * (messages - 1), sum)
    }

    private suspend fun timeouts(times: Int) {
        var ran = 0
        repeat(times) { withTimeout(30.seconds) { ran++ } }
        Case.check("bodies", times.toLong(), ran.toLong())
    }
}

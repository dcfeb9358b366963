package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.IoRuntime;
import io.amphio.conformance.IoConformance;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.evented.sim.UnderSimulation.Why;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The conformance suite in simulated worlds, each case with several seeds. */
@ExtendWith(UnderSimulation.class)
class SimulatedConformanceTest extends IoConformance implements UnderSimulation.Settings {
    private static final int SEEDS = 5;

    /** Those that start so many tasks that what counts is that they come through, once. */
    private static final Set<String> OF_MANY_TASKS = Set.of(
            "tens_of_thousands_of_tasks_one_after_the_other_leave_nothing_behind",
            "thousands_of_tasks_wait_for_one_event",
            "thousands_of_timeouts_and_cancels_at_once_none_is_dropped");

    /** Those in which threads meet tasks. */
    private static final List<String> OF_THREADS = List.of(
            "interrupted_while_it_waits_it_waits_on_and_closes_nothing",
            "entered_with_the_flag_set_it_waits_without_spinning_and_closes_nothing",
            "tasks_meet_threads_while_some_are_canceled_and_some_give_up",
            "closing_the_runtime_closes_its_sockets_and_tells_foreign_threads_that_wait",
            "what_comes_behind_an_urgent_mark_arrives_without_more",
            "subscribers_of_every_kind_are_all_woken_and_see_the_same",
            "of_many_producers_and_consumers_nothing_is_lost_and_order_is_kept",
            "it_is_used_round_after_round_with_one_leader_each",
            "set_wakes_all_that_wait_of_every_kind",
            "a_writer_is_alone_among_readers_and_writers_of_every_kind",
            "readers_are_inside_together",
            "no_more_get_in_than_there_are_permits",
            "threads_and_tasks_signal_each_other",
            "tasks_that_recurse_exclude_each_other",
            "a_runtime_that_is_closed_says_so",
            "the_http_client_of_the_jdk_reads_from_our_server",
            "our_client_talks_to_a_server_socket_of_the_jdk",
            "openssl_talks_to_our_server_and_updates_its_keys",
            "our_client_talks_to_openssl_with_its_certificate_and_their_protocol",
            "our_client_refuses_openssl_by_another_name_and_is_refused_without_a_certificate",
            "curl_reads_from_our_server_and_shows_its_certificate",
            "curl_refuses_our_server_by_another_name_and_without_our_authority",
            "other_processes_heed_a_lock_until_it_is_given_back",
            "a_lock_of_another_process_is_waited_for_or_given_up",
            "what_is_typed_is_read_and_then_the_end",
            "a_read_that_waits_holds_up_nobody_and_is_canceled_without_losing_a_byte",
            "nothing_is_read_ahead_of_what_was_asked_for",
            "what_is_written_is_shown_also_without_a_flush",
            "a_write_that_nobody_reads_waits_alone_and_can_be_canceled_and_all_bytes_come_in_order",
            "a_flush_waits_until_all_is_out_and_can_be_given_up",
            "when_the_reader_has_gone_writes_and_flushes_fail_and_say_where",
            "a_log_that_nobody_reads_holds_up_no_task_and_what_is_missing_is_told");

    @Override
    protected IoRuntime newRuntime() {
        return UnderSimulation.newRuntime();
    }

    @Override
    public SchedulerBridge bridge() {
        return SchedulerBridge.open("auto");
    }

    @Override
    public int seeds(String method) {
        return OF_MANY_TASKS.contains(method) ? 1 : SEEDS;
    }

    @Override
    public Map<String, Why> excluded() {
        Map<String, Why> excluded = new HashMap<>();
        excluded.put("plain_threads_of_both_kinds_start_tasks_and_await_them", Why.THREADS);
        excluded.put("callbacks_run_once_each_and_one_that_throws_keeps_nobody_else_waiting", Why.THREADS);
        excluded.put("a_completer_ends_its_future_once_from_any_thread", Why.THREADS);
        excluded.put("it_works_in_plain_threads_of_both_kinds", Why.THREADS);
        excluded.put("sleep_lasts_at_least_as_long_as_asked_in_tasks_and_plain_threads", Why.THREADS);
        excluded.put("plain_threads_select_too", Why.THREADS);
        excluded.put("a_failure_is_thrown_as_await_throws_it", Why.THREADS);
        excluded.put("plain_threads_wait_and_time_out_too", Why.THREADS);
        excluded.put("a_closed_runtime_leaves_no_thread_behind", Why.THREADS);
        excluded.put("a_foreign_virtual_thread_started_in_a_task_outlives_the_runtime", Why.THREADS);
        excluded.put("closing_while_tasks_are_being_started_ends_every_one_of_them", Why.THREADS);
        for (String method : OF_THREADS) {
            excluded.put(method, Why.THREADS);
        }
        excluded.put("a_member_hears_its_group_until_it_leaves_and_again_after_it_has_come_back", Why.MULTICAST);
        excluded.put("of_a_source_only_what_it_sends_is_heard", Why.MULTICAST);
        excluded.put("accepts_and_reads_that_are_canceled_or_late_lose_nothing", Why.REAL_FILES);
        excluded.put("a_unix_stream_connects_talks_and_ends", Why.REAL_FILES);
        excluded.put("the_path_stays_after_the_close_and_is_told_in_errors", Why.REAL_FILES);
        excluded.put("connecting_waits_while_too_many_wait_to_be_accepted", Why.REAL_FILES);
        excluded.put("unix_datagrams_come_with_their_senders_or_are_refused_by_name", Why.REAL_FILES);
        excluded.put("a_full_unix_receiver_makes_its_senders_wait_or_are_refused_by_name", Why.REAL_FILES);
        excluded.put("a_file_goes_through_a_stream_whoever_opened_it", Why.REAL_FILES);
        excluded.put("only_the_part_that_was_asked_for_is_sent", Why.REAL_FILES);
        excluded.put("a_stalled_sending_goes_on_when_there_is_room", Why.REAL_FILES);
        excluded.put("a_peer_that_resets_ends_a_sending_with_an_error_and_the_next_one_too", Why.REAL_FILES);
        excluded.put("a_stalled_sending_can_be_canceled_or_time_out_and_says_how_far_it_came", Why.REAL_FILES);
        excluded.put("closed_files_and_streams_cannot_be_sent_from_and_to", Why.REAL_FILES);
        excluded.put("one_task_keeps_many_reads_of_a_file_in_flight", Why.REAL_FILES);
        excluded.put("more_is_queued_and_submitted_while_results_are_taken", Why.REAL_FILES);
        excluded.put("plain_threads_use_it_too", Why.REAL_FILES);
        excluded.put("transfers_of_a_file_are_in_flight_beside_others", Why.REAL_FILES);
        excluded.put("what_cannot_be_started_ends_with_the_reason_and_failures_stay_their_own", Why.REAL_FILES);
        excluded.put("a_closed_file_refuses_and_closing_again_does_nothing", Why.REAL_FILES);
        excluded.put("a_cancel_never_closes_the_file_and_loses_no_read", Why.REAL_FILES);
        excluded.put("the_options_of_an_open_do_what_they_say", Why.REAL_FILES);
        excluded.put("errors_say_operation_path_and_errno", Why.REAL_FILES);
        excluded.put("an_interrupt_neither_closes_the_file_nor_gets_lost", Why.REAL_FILES);
        excluded.put("what_is_written_at_a_position_is_read_there_in_tasks_and_plain_threads", Why.REAL_FILES);
        excluded.put("a_buffer_that_is_in_use_is_refused", Why.REAL_FILES);
        excluded.put("a_part_is_mapped_into_memory", Why.REAL_FILES);
        excluded.put("an_open_file_tells_its_real_path_while_it_has_one", Why.REAL_FILES);
        excluded.put("a_pipe_is_streamed_and_has_no_positions", Why.REAL_FILES);
        excluded.put("an_open_that_waits_for_the_other_end_of_a_pipe_can_be_canceled", Why.REAL_FILES);
        excluded.put("the_two_ends_of_a_pipe_wait_for_each_other", Why.REAL_FILES);
        excluded.put("a_device_that_is_full_says_so", Why.REAL_FILES);
        excluded.put("names_that_the_system_does_not_take_are_refused", Why.REAL_FILES);
        excluded.put("concurrent_refuses_at_its_limit_and_runs_nothing_and_async_goes_on", Why.NAME);
        excluded.put("any_number_of_tasks_and_threads_await_one_future", Why.THREADS);
        excluded.put("any_number_wait_for_one_group_plain_threads_too", Why.THREADS);
        excluded.put("a_plain_thread_cannot_be_canceled_and_says_so", Why.PLAIN_THREAD);
        excluded.put("the_monotonic_clock_never_goes_back_and_the_wall_clock_is_that_of_the_machine", Why.WALL_CLOCK);
        excluded.put("an_unknown_io_is_refused_with_a_list_of_those_that_exist", Why.NAME);
        if (bridge().mode() == SchedulerBridge.Mode.STOCK) {
            excluded.put("a_task_that_does_not_end_is_named_and_not_waited_for_for_ever", Why.BLOCKS);
            excluded.put("an_interrupting_call_is_ended_by_a_cancel_and_the_interrupt_hits_nothing_else", Why.BLOCKS);
            excluded.put("a_call_that_blocks_its_thread_holds_up_nobody_else", Why.BLOCKS);
        }
        return excluded;
    }

    @Test
    void every_case_that_is_named_exists() {
        Set<String> cases = new HashSet<>();
        for (Class<?> suite = IoConformance.class; suite != Object.class; suite = suite.getSuperclass()) {
            for (Class<?> topic : suite.getDeclaredClasses()) {
                for (Class<?> each = topic; each != null; each = each.getSuperclass()) {
                    for (Method method : each.getDeclaredMethods()) {
                        cases.add(method.getName());
                    }
                }
            }
        }
        Set<String> unknown = new TreeSet<>(excluded().keySet());
        unknown.addAll(OF_MANY_TASKS);
        unknown.removeAll(cases);
        assertEquals(Set.of(), unknown);
    }
}

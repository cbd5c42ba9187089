"""What the screen says, as a form that each language fills in."""

from collections.abc import Callable
from dataclasses import dataclass

from ezrec_tui.model import Banner, BookingSource, BookingStatus, CameraState, JobState, JobStep, MergeMethod


@dataclass(frozen=True)
class Texts:
    """One language. Braces are filled in with `str.format`."""

    other_language: str
    """The name of the next one, in that one."""
    decimal: str
    thousands: str
    said: Callable[[str], str]
    """A sentence of the engine's, which speaks English, in this language."""
    key_names: dict[str, str]
    """Keys that are not called as they are."""
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    """{weekday}, {day} and {month}, in the language's order."""

    # The banner
    banner: dict[Banner, str]
    stopped: str
    no_contact: str
    connecting: str
    nothing_recorded: str
    until: str
    from_to: str
    elapsed: str
    left: str
    over: str
    next_begins_in: str
    it_is: str
    nothing_coming: str
    resume_within: str
    resumable: str
    resume_gone: str
    lost_first: str
    lost_meaning: str
    lost_recording: str
    lost_retry: str
    old_data: str
    alert_more: str
    alert_seen: str

    # Cameras
    cameras: str
    left_camera: str
    right_camera: str
    camera_n: str
    camera_state: dict[CameraState, str]
    no_cameras: str
    dropped: str
    growing: str
    not_growing: str
    offset: str
    picture_rate: str
    data_rate: str
    file: str

    # What the cameras see
    no_picture: str
    picture_old: str
    both_see: str
    focus: str
    best_focus: str
    light: str
    light_good: str
    light_shares: str
    """{dark} and {bright}, in percent of the picture."""
    too_dark: str
    too_bright: str
    dark: str
    bright: str

    # Next
    next: str
    no_bookings: str
    in_minutes: str
    in_hours: str
    in_days: str
    in_seconds: str
    now: str
    more: str

    # Jobs
    jobs: str
    no_jobs: str
    job_state: dict[JobState, str]
    job_step: dict[JobStep, str]
    time_left: str
    tries_again_in: str
    key_retries: str
    done_at: str
    without: str

    # Health
    all_well: str
    health: dict[str, str]
    health_wrong: str
    in_order: str

    # Lists
    place: str
    """{number} of {count}."""
    nothing_listed: str
    not_yet_known: str
    state: str
    step: str
    attempts: str
    why: str
    what: str
    to_do: str
    did_without: str
    video_file: str
    footage: str
    deleted_here: str
    kept_until: str
    given_up_to_do: str
    in_the_store_only: str
    url: str
    recorded_at: str
    finished_at: str
    next_try: str
    priority: str
    priority_is: str
    about_booking: str
    job_to_do: str
    job_to_mend: str
    """The same for who only looks on."""
    bookings_title: str
    booking_state: dict[BookingStatus, str]
    booking_over: str
    source: str
    booking_source: dict[BookingSource, str]
    when: str
    whose: str
    email: str
    booking_id: str
    alerts_title: str
    no_alerts: str
    alert_seen_by: str
    alert_over: str
    acts_title: str
    no_acts: str
    who: str
    became: str
    log_title: str
    no_log: str
    log_source: str
    idle_hint: str
    idle_next: str

    # Setup
    serial: str
    test: str
    not_tested: str
    key_tests: str
    testing: str
    test_left: str
    test_looked_at: str
    test_good: str
    test_bad: str
    test_frames_label: str
    test_frames: str
    settled: str
    each_camera: str
    language: str
    language_is: str
    zone: str
    pin: str
    pin_is_set: str
    pin_is_not_set: str
    version: str
    viewer: str
    looks_on: str
    looks_acts: str
    looks_kiosk: str

    # How videos are joined
    joining: str
    joined: str
    merge_method: dict[MergeMethod, str]
    """{pixels}: what both cameras see."""
    method_name: dict[MergeMethod, str]
    method_does: dict[MergeMethod, str]
    method_now: str
    """{name}, where it is the one that was asked for."""
    method_hindered: str
    """{name}, and {why} it cannot be had."""
    asked_for: str
    calibrated: str
    never: str
    never_calibrated: str
    key_calibrates: str
    rig_fit: str
    """{inliers} of {matches} points, and their {error} in pixels."""
    rig_picture: str
    rig_size: str
    rig_since: str
    rig_moved: str
    rig_not_looked_at: str
    calibration: str
    calibrating_cameras: str
    calibrating_footage: str
    from_cameras: str
    from_footage: str

    # Which camera is which
    identify_title: str
    identify_do: str
    identify_waits: str
    identify_left: str
    identify_right: str
    identify_covered: str
    identify_now: str
    identify_last: str
    identify_wrong: str
    identify_both: str
    identify_blind: str
    identify_dark: str

    # Keys: label in the footer, then what it does, for help
    home: str
    home_does: str
    jobs_does: str
    bookings: str
    bookings_does: str
    alerts: str
    alerts_does: str
    log: str
    acts: str
    acts_does: str
    engine: str
    log_does: str
    cameras_does: str
    guide: str
    guide_does: str
    link: str
    link_does: str
    link_until: str
    setup: str
    setup_does: str
    back: str
    back_does: str
    language_does: str
    sooner: str
    sooner_does: str
    later: str
    later_does: str
    cancel: str
    cancel_job_does: str
    pause_job: str
    pause_job_does: str
    cancel_booking_does: str
    help: str
    help_does: str
    start: str
    start_does: str
    extend: str
    extend_does: str
    highlight: str
    highlight_does: str
    retry: str
    retry_does: str
    identify: str
    identify_does: str
    calibrate: str
    calibrate_does: str
    calibrate_from: str
    calibrate_from_does: str
    method: str
    method_key_does: str
    test_cameras: str
    test_cameras_does: str
    swap: str
    swap_does: str
    acknowledge: str
    acknowledge_does: str
    stop: str
    stop_does: str
    resume: str
    resume_does: str
    quit: str
    quit_does: str
    restart: str
    restart_does: str

    # Why a key does nothing now
    not_live: str
    read_only: str
    busy: str
    nothing_to_stop: str
    nothing_to_resume: str
    nothing_to_retry: str
    nothing_to_acknowledge: str
    already_recording: str
    no_two_cameras: str
    one_camera: str
    no_calibration_now: str
    no_footage_to_calibrate_from: str
    no_overlap: str
    no_link: str
    no_test_now: str
    not_in_line: str
    no_job_to_cancel: str
    no_job_to_pause: str
    no_booking_to_cancel: str

    # Dialogs
    which: str
    close: str
    start_title: str
    start_body: str
    start_name: str
    extend_title: str
    extend_body: str
    shorten_title: str
    shorten_body: str
    cancel_job_title: str
    cancel_job_body: str
    cancel_job_safe: str
    cancel_job_confirm: str
    cancel_booking_title: str
    cancel_booking_body: str
    cancel_booking_safe: str
    cancel_booking_confirm: str
    stop_title: str
    stop_body: str
    stop_safe: str
    stop_confirm: str
    calibrate_title: str
    calibrate_body: str
    calibrate_from_body: str
    calibrate_safe: str
    calibrate_confirm: str
    method_title: str
    method_body: str
    swap_title: str
    swap_body: str
    swap_safe: str
    swap_confirm: str
    alert_title: str
    alert_to_do: str
    alert_confirm: str
    pin_title: str
    pin_body: str
    pin_label: str
    pin_send: str
    pin_hint: str
    pin_asked: str
    minutes: str
    hint_choose: str
    hint_name: str
    hint_question: str
    refused_title: str
    unknown_title: str
    unknown_body: str
    unknown_zone: str
    help_title: str
    help_screens: str
    help_everywhere: str
    help_only: str
    help_words: str
    help_moves: str
    help_moves_does: str
    banner_means: dict[Banner, str]

"""A CronJob, or a ScheduledBackup, has a schedule or a time zone that is refused, or is not the one that was meant.

A schedule is five fields, or a word such as `@daily` or `@every 90m`; its zone has a field of its own, and may be
neither empty nor `Local` (Kubernetes 1.37, validateCronJobSpec; robfig/cron 3 reads the schedule). One of days that no
month has, as 31 February, is taken, and the job never runs; that is a warning, but for
`0 0 31 2 *`, by which a job that somebody starts by hand is kept from running. The schedule of a ScheduledBackup of
CloudNativePG has six fields, of which the first is seconds (1.27, robfig/cron 1). Five are taken, and `0 3 * * *` is
then the third minute of every hour; that is a warning, unless the backup is suspended, or the third field names hours.

Fails:

    # report.yaml
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: report
    spec:
      schedule: 0 25 * * *
      jobTemplate:
        spec:
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: report
                  image: registry.example.com/report:1.0.0

Passes:

    # report.yaml
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: report
    spec:
      schedule: 0 23 * * *
      timeZone: Europe/Berlin
      jobTemplate:
        spec:
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: report
                  image: registry.example.com/report:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand import schedules, zones
from scaffold.model import Finding, Manifest, Repository, Severity, is_variable
from scaffold.nearest import near

ID = "invalid-schedule"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every schedule and every time zone that is refused."""
    for overlay in repository.overlays.values():
        for job in overlay.of("batch/CronJob"):
            for field, flaw in (("schedule", _schedule), ("timeZone", _zone)):
                value = job.get("spec", field)
                told = flaw(value) if isinstance(value, str) and not is_variable(value) else ()
                for fact, remedy in told:
                    message = f"CronJob {job.name!r}, {field} {value!r} is refused, {fact}; {remedy}"
                    yield Finding(job.place("spec", field), ID, message, subject=f"{job.name}/{field}")
            schedule = job.get("spec", "schedule")
            if (
                isinstance(schedule, str)
                and not is_variable(schedule)
                and not _is_parked(schedule)
                and schedules.never(schedule)
            ):
                fact = (
                    f"CronJob {job.name!r}, schedule {schedule!r} names a day that no such month has, so it never runs"
                )
                place = job.place("spec", "schedule")
                yield Finding(place, ID, f"{fact}; name another", Severity.WARNING, subject=f"{job.name}/schedule")
        for backup in overlay.of("postgresql.cnpg.io/ScheduledBackup"):
            yield from _of_backup(backup)


def _of_backup(backup: Manifest) -> Iterator[Finding]:
    schedule = backup.get("spec", "schedule")
    if not isinstance(schedule, str) or is_variable(schedule):
        return
    named, place = f"ScheduledBackup {backup.name!r}, schedule {schedule!r}", backup.place("spec", "schedule")
    if flaw := schedules.backup_flaw(schedule):
        yield Finding(place, ID, f"{named} is refused, {flaw}; write six fields, of which the first is seconds")
    elif schedules.is_frequent(schedule) and backup.get("spec", "suspend") is not True:
        fact = f"{named} has five fields, of which the first is read as seconds, so it runs every hour"
        yield Finding(place, ID, f"{fact}; write {f'0 {schedule}'!r}", Severity.WARNING)


def _is_parked(schedule: str) -> bool:
    """Tell whether a schedule is the usual one of what is not to run."""
    return schedule.split()[:2] == ["0", "0"] and schedule.split()[3:4] == ["2"]


def _schedule(value: str) -> Iterator[tuple[str, str]]:
    if "TZ" in value:
        yield "a time zone has a field of its own", "write the zone to timeZone"
    elif fact := schedules.word_flaw(value) if value.startswith("@") else schedules.schedule_flaw(value):
        yield fact, "write five fields of cron, or a word such as '@daily'"


def _zone(value: str) -> Iterator[tuple[str, str]]:
    if value and value.lower() != "local" and schedules.known_zone(value):
        return
    guess = near(value, zones.names()) if "/" in value else ""
    remedy = f"did you mean {guess!r}?" if guess else "write a name such as 'Europe/Berlin'"
    yield "it names no zone", remedy

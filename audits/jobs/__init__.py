"""Jobs: audits that somebody asked for, worked off by workers outside the browser and the terminal."""

from audits.jobs.job import Job, JobState, JobStep, Worker
from audits.jobs.jobs import Jobs

__all__ = ["Job", "JobState", "JobStep", "Jobs", "Worker"]

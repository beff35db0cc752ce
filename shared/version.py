"""The version of the platform, in one place: what is built, deployed and measured says this one."""

VERSION = "0.3.0"

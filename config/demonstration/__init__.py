"""The webinar of 14 April 2021 and two more engagements, told by calling the real actions."""

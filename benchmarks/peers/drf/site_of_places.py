"""A Django site of one list, as the tutorials of Django REST framework build it; run by the peers' own Python.

The tables are ours, unmanaged. The rows are those that our row rule gives the same person: the district's, and those
where the organisation answers for something.
"""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not a secret: a benchmark",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["BENCH_DATABASE"],
            "USER": os.environ["BENCH_USER"],
            "HOST": os.environ["BENCH_SOCKET"],
            "CONN_MAX_AGE": None,
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "PAGE_SIZE": 50,
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import Exists, OuterRef, Q  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402


class Organisation(models.Model):
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)

    class Meta:
        app_label = "places"
        managed = False
        db_table = "organisation"


class Place(models.Model):
    uid = models.UUIDField()
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    public_access = models.CharField(max_length=40)
    district = models.ForeignKey(Organisation, models.DO_NOTHING, null=True)

    class Meta:
        app_label = "places"
        managed = False
        db_table = "place"


class PlaceControl(models.Model):
    place = models.ForeignKey(Place, models.DO_NOTHING)
    organisation = models.ForeignKey(Organisation, models.DO_NOTHING)

    class Meta:
        app_label = "places"
        managed = False
        db_table = "place_control"


class PlaceSerializer(serializers.ModelSerializer[Place]):
    district = serializers.CharField(source="district.name", allow_null=True)

    class Meta:
        model = Place
        fields = ("uid", "number", "name", "kind", "public_access", "district")


class Places(generics.ListAPIView[Place]):
    serializer_class = PlaceSerializer

    def get_queryset(self) -> models.QuerySet[Place]:
        mine = Organisation.objects.get(code=os.environ["BENCH_ORGANISATION"])
        answered = PlaceControl.objects.filter(place=OuterRef("pk"), organisation=mine)
        reached = Place.objects.filter(Q(district=mine) | Exists(answered))
        return reached.select_related("district").order_by("name", "id")


urlpatterns = [path("places/", Places.as_view())]
application = get_wsgi_application()
